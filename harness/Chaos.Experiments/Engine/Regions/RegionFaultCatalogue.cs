using Chaos.Experiments.Catalogues;
using Chaos.Experiments.Definitions;

namespace Chaos.Experiments.Engine.Regions;

/// <summary>Every fault that can be put between regions.</summary>
public static class RegionFaultCatalogue
{
    /// <summary>Stands for all regions but the one named before it.</summary>
    public const string Others = "others";

    private static readonly IReadOnlyList<IRegionFault> All = [new PartitionFault(), new RoundTripFault(), new ShiftFault()];

    /// <summary>As files may name them.</summary>
    public static IReadOnlyList<FaultType> Types { get; } = [.. All.Select(f => new FaultType(f.Type, f.Summary, f.AttributesSchema, new HashSet<LinkKind>(), FaultPlace.Regions))];

    /// <summary>The links between the regions that a fault names.</summary>
    public static IEnumerable<LinkDefinition> LinksOf(WorldDefinition world, IReadOnlyList<string> between)
    {
        var (one, other) = (between[0], between[1]);
        return world.Links.Where(l => l.To is { } to && ((l.Region == one && IsOther(to)) || (to == one && IsOther(l.Region))));

        bool IsOther(string region) => other == Others ? region != one : region == other;
    }

    /// <summary>What a fault between regions is made of; a fault on a link is made of itself.</summary>
    internal static IEnumerable<LinkFault> PartsOf(WorldDefinition world, FaultDefinition fault) => fault.Between is { } between
        ? LinksOf(world, between).SelectMany(link => All.First(f => f.Type == fault.Type).On(link, link.Region == between[0], world, fault.Attributes))
        : [new LinkFault(fault.Link, fault.Type, fault.Stream, fault.Attributes)];
}
