using System.Text.Json;
using System.Text.Json.Nodes;
using Chaos.Experiments.Definitions;
using static Chaos.Experiments.Files.Schema.SchemaParts;

namespace Chaos.Experiments.Engine.Regions;

/// <summary>
/// Regional steering (DNS, anycast, a load balancer above the regions) sends clients of one region to another, which takes them: nothing is refused.
/// Steering decides about new connections; those that are open stay where they are, until something ends them. What it does is done to routes
/// (<see cref="Steering"/>), not to traffic, so there is nothing to put on a link.
/// </summary>
internal sealed class ShiftFault : IRegionFault
{
    public const string Name = "shift";

    public string Type => Name;

    public string Summary => "Steering sends a share of the first region's clients to the second; it decides about new connections.";

    public JsonObject AttributesSchema { get; } = Object("How many are sent elsewhere.", [],
        ("share", Number("Share of the first region's new connections that are sent to the second, 0.01 to 1; to all others in equal parts. 1 by default.", 0.01, 1, 1)));

    public IEnumerable<LinkFault> On(LinkDefinition link, bool forth, WorldDefinition world, JsonObject attributes) => [];

    /// <summary>Share of new connections that are sent elsewhere.</summary>
    public static double ShareOf(FaultDefinition fault) => fault.Attributes["share"]?.Deserialize<double>() ?? 1;

    /// <summary>The links on which clients of the first region reach where they are sent.</summary>
    public static IEnumerable<LinkDefinition> Ways(WorldDefinition world, IReadOnlyList<string> between) =>
        RegionFaultCatalogue.LinksOf(world, between).Where(l => l.Kind == LinkKind.WebSocket && l.Region == between[0]);
}
