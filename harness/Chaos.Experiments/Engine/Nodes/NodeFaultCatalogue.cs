using System.Text.Json.Nodes;
using Chaos.Experiments.Catalogues;

namespace Chaos.Experiments.Engine.Nodes;

/// <summary>Every fault that can be put on a gateway node.</summary>
public static class NodeFaultCatalogue
{
    private static readonly IReadOnlyList<INodeFault> All = [new ClockSkewFault(), new CpuFault(), new DrainFault(), new PauseFault(), new ReleaseFault(), new RestartFault()];

    /// <summary>As files may name them.</summary>
    /// <param name="gatewaySettings">JSON Schema of the gateway's settings.</param>
    public static IReadOnlyList<FaultType> Types(JsonObject gatewaySettings) =>
        [.. All.Select(f => new FaultType(f.Type, f.Summary, f.AttributesSchema(gatewaySettings), new HashSet<Definitions.LinkKind>(), FaultPlace.Node))];

    /// <summary>Types that can be put on a store too.</summary>
    internal static IReadOnlyList<string> OnStores { get; } = [.. All.OfType<IStoreFault>().Select(f => f.Type)];

    internal static INodeFault Of(string type) => All.First(f => f.Type == type);
}
