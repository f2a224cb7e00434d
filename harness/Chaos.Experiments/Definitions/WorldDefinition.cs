using System.Text.Json.Serialization;

namespace Chaos.Experiments.Definitions;

/// <summary>Regions with their parts and links, from <c>experiments/worlds/*.yaml</c>.</summary>
public sealed record WorldDefinition(string Name, IReadOnlyList<RegionDefinition> Regions)
{
    /// <summary>Round-trip times between regions, one for each pair; empty for a world of one.</summary>
    public IReadOnlyList<RoundTripDefinition> RoundTrips { get; init; } = [];

    /// <summary>Names of all gateway nodes: <c>eu.gateway-1</c>.</summary>
    [JsonIgnore]
    public IEnumerable<string> Nodes => Regions.SelectMany(r => Enumerable.Range(1, r.Gateways).Select(i => NodeName(r.Name, i)));

    /// <summary>Names of the stores, the same as those of the links to them: <c>eu.redis</c>.</summary>
    [JsonIgnore]
    public IEnumerable<string> Stores => Own.Select(r => LinkNames.Redis(r.Name));

    /// <summary>Name of a node, counted from 1.</summary>
    public static string NodeName(string region, int node) => $"{region}.gateway-{node}";

    /// <summary>Names of all links: <c>eu.clients</c>, <c>eu.redis</c>, <c>eu.upstream</c> where there is one, and between regions <c>eu→us.replication</c>, <c>eu→us.clients</c>.</summary>
    [JsonIgnore]
    public IEnumerable<LinkDefinition> Links =>
    [
        .. Regions.SelectMany(r => new[]
        {
            new LinkDefinition(LinkNames.Clients(r.Name), LinkKind.WebSocket, r.Name),
            new LinkDefinition(LinkNames.Redis(r.Name), LinkKind.Tcp, r.Name),
        }.Where(link => r.External is null || link.Kind == LinkKind.WebSocket)),
        .. Regions.Where(r => r.Upstream is not null).Select(r => new LinkDefinition(LinkNames.Upstream(r.Name), LinkKind.Http, r.Name)),
        .. Own.SelectMany(from => Own.Where(to => to != from).SelectMany(to => new[]
        {
            new LinkDefinition(LinkNames.Replication(from.Name, to.Name), LinkKind.Tcp, from.Name, to.Name),
            new LinkDefinition(LinkNames.ClientsElsewhere(from.Name, to.Name), LinkKind.WebSocket, from.Name, to.Name),
        })),
    ];

    /// <summary>Whether a gateway of it runs already, and is not started.</summary>
    [JsonIgnore]
    public bool IsExternal => Regions.Any(r => r.External is not null);

    /// <summary>Round-trip time between two regions in milliseconds; 0 within one.</summary>
    public double RoundTripMs(string one, string other) => RoundTrips.FirstOrDefault(r => r.Between.Contains(one) && r.Between.Contains(other) && one != other)?.Ms ?? 0;

    /// <summary>The regions in the order in which a client of one prefers them: its own, then by distance.</summary>
    public IEnumerable<string> NearestTo(string region) => Regions.Select(r => r.Name).OrderBy(r => r == region ? -1 : RoundTripMs(region, r));

    private IEnumerable<RegionDefinition> Own => Regions.Where(r => r.External is null);
}

/// <summary>A region: gateway nodes on one store.</summary>
/// <param name="Name">Short lower-case name, such as <c>eu</c>.</param>
/// <param name="Gateways">Number of gateway nodes, 1 to 16; 0 beside an external gateway.</param>
/// <param name="Store">Where its Redis comes from.</param>
/// <param name="External">The gateway that runs already, in place of nodes and store; null where they are started.</param>
public sealed record RegionDefinition(string Name, int Gateways, StoreDefinition Store, ExternalGatewayDefinition? External = null)
{
    /// <summary>The HTTP service that its gateway nodes ask who may use which channel; null for none.</summary>
    public UpstreamDefinition? Upstream { get; init; }
}

/// <summary>The upstream service of a region.</summary>
/// <param name="Kind">"embedded" (started by the engine) or "external".</param>
/// <param name="Address">host:port of an external one.</param>
public sealed record UpstreamDefinition(string Kind, string? Address = null);

/// <summary>The Redis of a region.</summary>
/// <param name="Kind">"embedded" (Garnet), "process" (redis-server) or "container", each started by the engine; or "external".</param>
/// <param name="Address">host:port of an external one.</param>
/// <param name="Program">Path or name of the redis-server of a process; <c>redis-server</c> on PATH by default.</param>
/// <param name="Image">Image of a container.</param>
public sealed record StoreDefinition(string Kind, string? Address = null, string? Program = null, string? Image = null)
{
    /// <summary>Options of the part that the engine starts.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> StartOptions => Kind switch
    {
        "process" => ["--server", Program ?? "redis-server"],
        "container" => ["--image", Image!],
        _ => [],
    };
}

/// <summary>How far two regions are from each other.</summary>
/// <param name="Between">Their names.</param>
/// <param name="Ms">Round-trip time in milliseconds, 0 to 10,000; half of it each way.</param>
public sealed record RoundTripDefinition(IReadOnlyList<string> Between, double Ms);

/// <summary>What a link carries.</summary>
public enum LinkKind
{
    /// <summary>Raw bytes.</summary>
    Tcp,

    /// <summary>HTTP with WebSocket upgrades.</summary>
    WebSocket,

    /// <summary>HTTP: requests and answers.</summary>
    Http,
}

/// <summary>A named edge of the world that traffic crosses, through the proxy.</summary>
/// <param name="Region">The region that connects.</param>
/// <param name="To">The region that it connects to, where that is another; null within a region.</param>
public sealed record LinkDefinition(string Name, LinkKind Kind, string Region, string? To = null);

/// <summary>Names of links.</summary>
public static class LinkNames
{
    private const string Arrow = "→";

    /// <summary>From a region's clients to its gateway nodes.</summary>
    public static string Clients(string region) => $"{region}.clients";

    /// <summary>From a region's gateway nodes to its store.</summary>
    public static string Redis(string region) => $"{region}.redis";

    /// <summary>From a region's gateway nodes to its upstream service.</summary>
    public static string Upstream(string region) => $"{region}.upstream";

    /// <summary>From a region's gateway nodes to another region's store.</summary>
    public static string Replication(string from, string to) => $"{from}{Arrow}{to}.replication";

    /// <summary>From a region's clients to another region's gateway nodes.</summary>
    public static string ClientsElsewhere(string from, string to) => $"{from}{Arrow}{to}.clients";

    /// <summary>A name as it is written on a keyboard without arrows: <c>eu-&gt;us.clients</c>.</summary>
    public static string Normal(string name) => name.Replace("->", Arrow, StringComparison.Ordinal);

    /// <summary>Whether a text names a link between regions.</summary>
    public static bool IsBetweenRegions(string text) => text.Contains(Arrow, StringComparison.Ordinal);

    /// <summary>The region whose parts answer at a link or node: <c>us</c> of <c>eu→us.clients</c>, <c>eu</c> of <c>eu.gateway-1</c>.</summary>
    public static string RegionOf(string place)
    {
        var start = place.IndexOf(Arrow, StringComparison.Ordinal) is >= 0 and var arrow ? arrow + Arrow.Length : 0;
        return place[start..place.IndexOf('.', start)];
    }
}
