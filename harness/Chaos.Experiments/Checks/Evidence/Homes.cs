using System.Globalization;
using Chaos.Experiments.Definitions;

namespace Chaos.Experiments.Checks.Evidence;

/// <summary>Which region the clients of a fleet live in, and which region a node or link is of.</summary>
internal static class Homes
{
    /// <summary>The region that a client of the fleet lives in; null where the fleet knows one link only, and for others than its clients.</summary>
    public static string? Of(ExperimentDefinition definition, string client) =>
        Fleets.IsClient(client) && int.TryParse(client.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? definition.Fleet.HomeOf(number - 1) : null;

    /// <summary>The region of a node such as <c>eu.gateway-1</c>; null without one.</summary>
    public static string? OfNode(string? node) => node is not null && node.Contains('.', StringComparison.Ordinal) ? LinkNames.RegionOf(node) : null;
}
