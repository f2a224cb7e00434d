using System.Text.Json;
using System.Text.Json.Nodes;
using Chaos.Experiments.Definitions;
using static Chaos.Experiments.Files.Schema.SchemaParts;

namespace Chaos.Experiments.Engine.Regions;

/// <summary>Two regions are farther from each other than the world says, as after a change of routes.</summary>
internal sealed class RoundTripFault : IRegionFault
{
    public string Type => "rtt";

    public string Summary => "The round-trip time between two regions is longer than the world says.";

    public JsonObject AttributesSchema { get; } = Object("The round-trip time.", ["ms"],
        ("ms", Number("Round-trip time in milliseconds, half of it each way; above the world's, up to 10,000.", 0, 10_000)),
        ("jitter", Number("Each item takes this much more or less each way, in milliseconds; 0 by default.", 0, 5_000, 0)));

    public IEnumerable<LinkFault> On(LinkDefinition link, bool forth, WorldDefinition world, JsonObject attributes)
    {
        // The world's own delay stays on the link; this is what comes on top of it.
        var more = Math.Max(0, attributes["ms"]!.Deserialize<double>() - world.RoundTripMs(link.Region, link.To!)) / 2;
        yield return new LinkFault(link.Name, "latency", "both", new JsonObject { ["latency"] = more, ["jitter"] = attributes["jitter"]?.Deserialize<double>() ?? 0 });
    }
}
