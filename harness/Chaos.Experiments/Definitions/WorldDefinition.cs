using System.Text.Json.Serialization;

namespace Chaos.Experiments.Definitions;

/// <summary>Regions with their parts and links, from <c>experiments/worlds/*.yaml</c>.</summary>
public sealed record WorldDefinition(string Name, IReadOnlyList<RegionDefinition> Regions)
{
    /// <summary>Names of all gateway nodes: <c>eu.gateway-1</c>.</summary>
    [JsonIgnore]
    public IEnumerable<string> Nodes => Regions.SelectMany(r => Enumerable.Range(1, r.Gateways).Select(i => NodeName(r.Name, i)));

    /// <summary>Name of a node, counted from 1.</summary>
    public static string NodeName(string region, int node) => $"{region}.gateway-{node}";

    /// <summary>Names of all links: <c>eu.clients</c>, <c>eu.redis</c>.</summary>
    [JsonIgnore]
    public IEnumerable<LinkDefinition> Links => Regions.SelectMany(r => new[]
    {
        new LinkDefinition($"{r.Name}.clients", LinkKind.WebSocket, r.Name),
        new LinkDefinition($"{r.Name}.redis", LinkKind.Tcp, r.Name),
    }.Where(link => r.External is null || link.Kind == LinkKind.WebSocket));

    /// <summary>Whether a gateway of it runs already, and is not started.</summary>
    [JsonIgnore]
    public bool IsExternal => Regions.Any(r => r.External is not null);
}

/// <summary>A region: gateway nodes on one store.</summary>
/// <param name="Name">Short lower-case name, such as <c>eu</c>.</param>
/// <param name="Gateways">Number of gateway nodes, 1 to 16; 0 beside an external gateway.</param>
/// <param name="Store">Where its Redis comes from.</param>
/// <param name="External">The gateway that runs already, in place of nodes and store; null where they are started.</param>
public sealed record RegionDefinition(string Name, int Gateways, StoreDefinition Store, ExternalGatewayDefinition? External = null);

/// <summary>The Redis of a region.</summary>
/// <param name="Kind">"embedded" (Garnet, started by the engine) or "external".</param>
/// <param name="Address">host:port of an external one.</param>
public sealed record StoreDefinition(string Kind, string? Address = null);

/// <summary>What a link carries.</summary>
public enum LinkKind
{
    /// <summary>Raw bytes.</summary>
    Tcp,

    /// <summary>HTTP with WebSocket upgrades.</summary>
    WebSocket,
}

/// <summary>A named edge of the world that traffic crosses, through the proxy.</summary>
public sealed record LinkDefinition(string Name, LinkKind Kind, string Region);
