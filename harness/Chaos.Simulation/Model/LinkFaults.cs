using System.Text.Json;
using Chaos.Experiments.Engine.Timelines;

namespace Chaos.Simulation.Model;

/// <summary>The faults that are on the fleet's link, and how they answer handshakes.</summary>
internal sealed class LinkFaults(Answers answers)
{
    /// <summary>Type of the fault that answers handshakes.</summary>
    public const string Refuse = "ws_handshake";

    /// <summary>Type of the fault that resets connections, open ones and new ones.</summary>
    public const string Reset = "reset_peer";

    private readonly List<(TimelineStep Step, ushort Answer)> _on = [];

    /// <summary>Names of the faults that are on, as people know them.</summary>
    public IReadOnlyCollection<string> Active => [.. _on.Select(f => f.Step.Fault.Name).Distinct()];

    /// <summary>What is on, the latest last.</summary>
    public IEnumerable<TimelineStep> Steps => _on.Select(f => f.Step);

    /// <summary>The fault's answer while one is on; a reset comes before a refusal, as it does not wait for the request.</summary>
    public ushort? Current { get; private set; }

    /// <summary>A fault goes on.</summary>
    public void Add(TimelineStep step)
    {
        var status = step.Fault.Type == Reset ? 0 : step.Fault.Attributes["status"]?.Deserialize<double>() ?? 503;
        _on.Add((step, answers.Of((int)status, step.ProxyName)));
        Choose();
    }

    /// <summary>A fault goes off.</summary>
    public void Remove(TimelineStep step)
    {
        _on.RemoveAll(f => f.Step.ProxyName == step.ProxyName);
        Choose();
    }

    private void Choose() => Current = _on.Count == 0 ? null : _on.MinBy(f => f.Step.Fault.Type == Reset ? 0 : 1).Answer;
}
