using System.Text.Json;
using System.Text.Json.Nodes;
using static Chaos.Experiments.Files.Schema.SchemaParts;

namespace Chaos.Experiments.Engine.Nodes;

/// <summary>
/// A node's wall clock is off, as on a machine that lost its time server: when tokens begin and end, and what time it says it is. How much time
/// passes for it does not change, and neither do its timers.
/// </summary>
internal sealed class ClockSkewFault : INodeFault
{
    private const double DayMs = 86_400_000;

    public string Type => "clock_skew";

    public string Summary => "The node's wall clock jumps by some time, and back at the end; the passing of time does not change.";

    public JsonObject AttributesSchema(JsonObject gatewaySettings) => Object("By how much the clock is off.", ["ms"],
        ("ms", Number("Milliseconds by which it is ahead; negative for behind. Up to 86,400,000, a day, either way.", -DayMs, DayMs)));

    public Task BeginAsync(NodeInFault node, JsonObject attributes, CancellationToken cancel) =>
        node.SkewAsync(TimeSpan.FromMilliseconds(attributes["ms"]!.Deserialize<double>()), cancel);

    public Task EndAsync(NodeInFault node, JsonObject attributes, CancellationToken cancel) => node.SkewAsync(TimeSpan.Zero, cancel);
}
