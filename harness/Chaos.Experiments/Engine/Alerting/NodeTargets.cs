using System.Collections.Concurrent;
using System.Text.Json;
using Chaos.Journal.Events;

namespace Chaos.Experiments.Engine.Alerting;

/// <summary>
/// The gateway processes as Prometheus is to scrape them. Each is looked for at an address that stays the same and redirects to where the process listens now:
/// Prometheus takes five seconds to hear of new targets, in which a compressed run has gone on for minutes. One that was killed is still looked for; one
/// that was taken out in order is not.
/// </summary>
internal sealed class NodeTargets
{
    private readonly ConcurrentDictionary<string, string> _nodes = new(StringComparer.Ordinal);

    /// <summary>Raised when a process came or went.</summary>
    public event Action? Changed;

    /// <summary>Their names.</summary>
    public IReadOnlyCollection<string> Names => [.. _nodes.Keys.Order(StringComparer.Ordinal)];

    /// <summary>host:port of a process; null once it has been taken out.</summary>
    public string? Address(string name) => _nodes.GetValueOrDefault(name);

    /// <summary>Follows the journal.</summary>
    public void Follow(JournalEvent entry)
    {
        switch (entry)
        {
            case PartStarted { Role: "gateway" } started:
                var known = _nodes.ContainsKey(started.Name);
                _nodes[started.Name] = started.Address;
                if (!known) Changed?.Invoke();
                break;
            case NodeLeft { How: "drained" } left when _nodes.TryRemove(left.Part, out _):
                Changed?.Invoke();
                break;
        }
    }

    /// <summary>As a file of targets for Prometheus' <c>file_sd_configs</c>.</summary>
    /// <param name="through">host:port that redirects to them.</param>
    public string File(string through) => JsonSerializer.Serialize(Names.Select(name => new
    {
        targets = new[] { through },
        labels = new Dictionary<string, string> { ["instance"] = name, ["__metrics_path__"] = $"{AlertReceiver.NodesPath}/{name}" },
    }));
}
