using System.Text.Json;
using System.Text.Json.Nodes;
using static Chaos.Experiments.Files.Schema.SchemaParts;

namespace Chaos.Experiments.Engine.Nodes;

/// <summary>
/// A node has less of its processors, as under a busy neighbour or a quota: its process is stopped for a share of every period. Other parts
/// of the world keep theirs, which a program that burns processor time would not leave them.
/// </summary>
internal sealed class CpuFault : INodeFault
{
    private const double PeriodMs = 100;

    public string Type => "cpu";

    public string Summary => "The node's process gets no processor for a share of every period.";

    public JsonObject AttributesSchema(JsonObject gatewaySettings) => Object("How much of its processor the node loses.", ["taken"],
        ("taken", Number("Share of the time in which it does not run, 0.05 to 0.95.", 0.05, 0.95)),
        ("period", Number("Milliseconds of a stop and a go together, 50 to 10,000; 100 by default, the period of Linux' quotas.", 50, 10_000, PeriodMs)));

    public Task BeginAsync(NodeInFault node, JsonObject attributes, CancellationToken cancel)
    {
        var (taken, period) = (attributes["taken"]!.Deserialize<double>(), TimeSpan.FromMilliseconds(attributes["period"]?.Deserialize<double>() ?? PeriodMs));
        return node.HoldAsync("throttled", (pid, token) => ProcessHold.ThrottleAsync(pid, taken, period, token), cancel);
    }

    public Task EndAsync(NodeInFault node, JsonObject attributes, CancellationToken cancel) => node.LetGoAsync();
}
