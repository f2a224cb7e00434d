using System.Text.Json.Nodes;
using Chaos.Experiments.Definitions;
using static Chaos.Experiments.Files.Schema.SchemaParts;

namespace Chaos.Experiments.Engine.Regions;

/// <summary>
/// Nothing crosses between two regions. What is under way is held, as a network that loses every packet makes TCP hold it, and goes on
/// afterwards; connections cannot be made meanwhile, not even where only one way is closed, since the handshake needs both.
/// </summary>
internal sealed class PartitionFault : IRegionFault
{
    public string Type => "partition";

    public string Summary => "Nothing crosses between two regions: open connections stand still, and new ones cannot be made. With repeat it flaps.";

    public JsonObject AttributesSchema { get; } = Object("Which way is closed.", [],
        ("direction", Enum("direction", "both: neither way; forth: what goes from the first region to the second; back: the other way.", ["both", "forth", "back"], "both")));

    public IEnumerable<LinkFault> On(LinkDefinition link, bool forth, WorldDefinition world, JsonObject attributes)
    {
        var direction = attributes["direction"]?.GetValue<string>() ?? "both";
        // On a link from a to b, what goes from a to b goes upstream.
        var stream = direction == "both" ? "both" : (direction == "forth") == forth ? "upstream" : "downstream";
        yield return new LinkFault(link.Name, "stall", stream, []);
        yield return new LinkFault(link.Name, "connect_hang", "downstream", []);
    }
}
