using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Chaos.Experiments.Checks;
using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Engine.Processes;
using Chaos.Journal;
using Chaos.Journal.Events;
using Chaos.Proxy.Client;

namespace Chaos.Experiments.Engine.Worlds;

/// <summary>
/// A running world: a store, gateway nodes and where there is one an upstream service for each region, and one proxy that every link crosses.
/// </summary>
public sealed class World : IAsyncDisposable
{
    internal const string ProxyName = WireMetrics.Part;

    private readonly Parts _parts;
    private readonly ConcurrentDictionary<string, GatewayPool> _pools = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Part> _stores = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Uri> _links = new(StringComparer.Ordinal);
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(2) };
    private readonly string? _gatewayMutant;
    private readonly ExperimentJournal _journal;
    private readonly Clock _clock;
    private readonly GatewaySettingsFile _settings;
    private readonly WorldDefinition _definition;
    private readonly ExternalGateways _external;
    private readonly bool _hasRegions;
    private readonly bool _readsWire;

    private World(ExperimentDefinition experiment, string? gatewayMutant, PartProcesses processes, ExperimentJournal journal, Clock clock)
    {
        (_definition, _gatewayMutant, _journal, _clock) = (experiment.World, gatewayMutant, journal, clock);
        _parts = new Parts(processes, journal, clock);
        _settings = new GatewaySettingsFile(experiment.Gateway, Secrets);
        _external = new ExternalGateways(experiment.World);
        _hasRegions = experiment.World.Regions.Count > 1;
        _readsWire = experiment.Expectations.Any(e => CheckCatalogue.Find(e.Check) is { ReadsProxy: true });
    }

    /// <summary>Typed client of the world's proxy.</summary>
    public ControlClient Proxy { get; private set; } = null!;

    /// <summary>The gateway processes that there are now: those of the nodes, and those that are leaving.</summary>
    public IReadOnlyList<Part> Gateways => _parts.Gateways;

    /// <summary>Secrets shared by its parts.</summary>
    public Secrets Secrets { get; } = Secrets.Create();

    /// <summary>Where clients of a link connect, through the proxy.</summary>
    public Uri ClientUrl(string link) => _external.Through(link, _links[link]) ?? SocketUrl(_links[link]);

    /// <summary>The first gateway node of a link's region, past the proxy.</summary>
    public Uri DirectUrl(string link) => _external.Behind(link)?.Address ?? SocketUrl(DirectHttp(link));

    /// <summary>Its administrative address.</summary>
    public Uri DirectHttp(string link) => Pool(link).First.Address;

    /// <summary>A part that ended by itself, or null.</summary>
    public Part? Dead => _parts.Dead;

    /// <summary>Starts every part, in the order of their dependencies.</summary>
    /// <exception cref="WorldException">A part did not start; everything started before it has been stopped again.</exception>
    public static async Task<World> StartAsync(ExperimentDefinition experiment, long seed, string? gatewayMutant, PartProcesses processes,
        ExperimentJournal journal, Clock clock, CancellationToken cancel)
    {
        var world = new World(experiment, gatewayMutant, processes, journal, clock);
        try
        {
            // Neither needs the other, and every second of a run's start is one of waiting.
            var stores = experiment.World.Regions.Select(region => world.StoreAsync(region, cancel)).ToList();
            var upstreams = experiment.World.Regions.Select(region => world.UpstreamAsync(region, cancel)).ToList();
            var proxy = world._parts.StartAsync(ProxyName, Parts.Proxy, ["--seed", $"{seed}", "--ledger", "-"], journal.WriteLedgerLine, cancel);
            await Task.WhenAll([proxy, .. stores, .. upstreams]).ConfigureAwait(false);
            world.Proxy = new ControlClient((await proxy.ConfigureAwait(false)).Address);
            foreach (var (region, store) in experiment.World.Regions.Zip(stores)) await world.AddStoreLinksAsync(region.Name, await store.ConfigureAwait(false), cancel).ConfigureAwait(false);
            foreach (var (region, upstream) in experiment.World.Regions.Zip(upstreams)) await world.AddUpstreamLinkAsync(region.Name, await upstream.ConfigureAwait(false), cancel).ConfigureAwait(false);
            await Task.WhenAll(experiment.World.Regions.Select(region => world.StartGatewaysAsync(region, cancel))).ConfigureAwait(false);
            return world;
        }
        catch
        {
            await world.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Counters and gauges of a gateway process, by the names that <see cref="PrometheusText"/> gives them.</summary>
    /// <exception cref="HttpRequestException">It does not answer.</exception>
    public async Task<IReadOnlyDictionary<string, double>> MetricsAsync(Part gateway, CancellationToken cancel) =>
        PrometheusText.Parse(await _http.GetStringAsync(new Uri(gateway.Address, "/metrics"), cancel).ConfigureAwait(false), "chaos_");

    /// <summary>What is judged of the proxy's own counters: where there are regions what crosses between them, and what the wire shows where a check compares it.</summary>
    /// <exception cref="HttpRequestException">The proxy does not answer.</exception>
    public async Task<IReadOnlyDictionary<string, double>> ProxyCountsAsync(CancellationToken cancel) =>
        PrometheusText.Parse(await Proxy.MetricsAsync(cancel).ConfigureAwait(false), "chaos_proxy_")
            .Where(v => (_hasRegions && v.Key.StartsWith(LinkBytes.Metric, StringComparison.Ordinal) && LinkNames.IsBetweenRegions(v.Key)) || (_readsWire && WireMetrics.Has(v.Key)))
            .ToDictionary(StringComparer.Ordinal);

    /// <summary>Whether anything is judged of the proxy's own counters.</summary>
    public bool ReadsProxy => _hasRegions || _readsWire;

    /// <summary>Stops every part, the last started first. The proxy goes last, so that its ledger sees every connection end.</summary>
    public async ValueTask DisposeAsync()
    {
        await _parts.EndAllAsync().ConfigureAwait(false);
        foreach (var emptied in await ExternalStores.EmptyAsync(_definition, _settings.KeyPrefix).ConfigureAwait(false)) _journal.Write(emptied with { At = _clock.NowUs });
        foreach (var pool in _pools.Values) pool.Dispose();
        _settings.Dispose();
        _http.Dispose();
        Proxy?.Dispose();
    }

    /// <summary>The gateway nodes of the region that a link or node is in.</summary>
    internal GatewayPool Pool(string place) => _pools[LinkNames.RegionOf(place)];

    /// <summary>The part that runs a store, by the store's name.</summary>
    internal Part Store(string store) => _stores[store];

    /// <summary>Whether a fault's place is a store of this world.</summary>
    internal bool IsStore(string node) => _definition.Stores.Contains(node);

    /// <summary>Connections that the proxy has open to a store, from its own region and from others.</summary>
    internal async Task<int> ConnectionsToAsync(string store, CancellationToken cancel)
    {
        var open = await Task.WhenAll(LinksTo(store).Select(link => Proxy.ListConnectionsAsync(link.Name, cancel))).ConfigureAwait(false);
        return open.Sum(connections => connections.Length);
    }

    /// <summary>A store is at another address now.</summary>
    internal async Task StoreMovedAsync(string store, string address, CancellationToken cancel)
    {
        foreach (var link in LinksTo(store)) await Proxy.RedirectAsync(link.Name, address, cancel).ConfigureAwait(false);
    }

    /// <summary>Where the proxy listens for a link, as host:port.</summary>
    internal string Listening(string link) => _links[link].Authority;

    /// <summary>Starts a gateway process; it is none of the nodes yet.</summary>
    /// <param name="node">The node it is for.</param>
    /// <param name="name">Name of the part.</param>
    /// <param name="settings">Settings that differ from the experiment's; null for none.</param>
    /// <param name="cancel">Ends the start, and the process.</param>
    /// <exception cref="WorldException">It did not start.</exception>
    internal Task<Part> StartGatewayAsync(string node, string name, JsonObject? settings, CancellationToken cancel)
    {
        string[] arguments =
        [
            "--redis", _links[LinkNames.Redis(LinkNames.RegionOf(node))].Authority, "--node", name,
            "--settings", _settings.FileOf(name, [RegionSettings(LinkNames.RegionOf(node)), UpstreamSettings(LinkNames.RegionOf(node)), settings]),
            "--audit", Path.Combine(_settings.Folder, $"{name}.audit.jsonl"),
        ];
        return _parts.StartAsync(name, Parts.Gateway, _gatewayMutant is null ? arguments : [.. arguments, "--mutant", _gatewayMutant], null, cancel);
    }

    /// <summary>Stops a part, and records how it ended.</summary>
    internal Task EndAsync(Part part) => _parts.EndAsync(part);

    /// <summary>host:port of a region's store, once it is there.</summary>
    private async Task<string> StoreAsync(RegionDefinition region, CancellationToken cancel)
    {
        // An external gateway keeps what it keeps wherever it likes.
        if (region.External is not null) return "";
        if (region.Store.Address is { } address) return address;
        var part = await _parts.StartAsync($"{region.Name}.store", Parts.Store, region.Store.StartOptions, null, cancel).ConfigureAwait(false);
        _stores[LinkNames.Redis(region.Name)] = part;
        return part.Address.Authority;
    }

    /// <summary>host:port of a region's upstream service, once it is there; empty without one.</summary>
    private async Task<string> UpstreamAsync(RegionDefinition region, CancellationToken cancel)
    {
        if (region.Upstream is not { } upstream) return "";
        if (upstream.Kind != "embedded") return upstream.Address!;
        var part = await _parts.StartAsync($"{region.Name}.upstream", Parts.Upstream, [], null, cancel).ConfigureAwait(false);
        return part.Address.Authority;
    }

    private async Task AddUpstreamLinkAsync(string region, string upstream, CancellationToken cancel)
    {
        foreach (var link in _definition.Links.Where(l => l.Kind == LinkKind.Http && l.Region == region)) await AddLinkAsync(link, upstream, cancel).ConfigureAwait(false);
    }

    /// <summary>The links on which a store is reached: from its own region, and from the others for replication.</summary>
    private async Task AddStoreLinksAsync(string region, string store, CancellationToken cancel)
    {
        foreach (var link in LinksTo(LinkNames.Redis(region))) await AddLinkAsync(link, store, cancel).ConfigureAwait(false);
    }

    private IEnumerable<LinkDefinition> LinksTo(string store) => _definition.Links.Where(l => l.Kind == LinkKind.Tcp && LinkNames.RegionOf(l.Name) == LinkNames.RegionOf(store));

    private async Task StartGatewaysAsync(RegionDefinition region, CancellationToken cancel)
    {
        var links = _definition.Links.Where(l => l.Kind == LinkKind.WebSocket && LinkNames.RegionOf(l.Name) == region.Name).ToList();
        if (region.External is { } gateway)
        {
            foreach (var link in links) await AddLinkAsync(link, ExternalGateways.Target(gateway), cancel, ExternalGateways.Tls(gateway)).ConfigureAwait(false);
            return;
        }

        var pool = new GatewayPool(LinkNames.Clients(region.Name), [.. links.Select(l => l.Name)], Proxy);
        _pools[region.Name] = pool;
        var names = Enumerable.Range(1, region.Gateways).Select(i => WorldDefinition.NodeName(region.Name, i));
        foreach (var part in await Task.WhenAll(names.Select(name => StartGatewayAsync(name, name, null, cancel))).ConfigureAwait(false)) pool.Add(part.Name, part);
        foreach (var link in links) await AddLinkAsync(link, pool.Upstream(link.Name), cancel).ConfigureAwait(false);
    }

    /// <summary>What makes a node one of its region; nothing in a world of one.</summary>
    private JsonObject? RegionSettings(string region)
    {
        if (_definition.Regions.Count == 1) return null;
        var peers = _definition.Regions.Where(r => r.Name != region && r.External is null).Select(r => KeyValuePair.Create(r.Name, (JsonNode?)_links[LinkNames.Replication(region, r.Name)].Authority));
        return new JsonObject { ["region"] = region, ["replication"] = new JsonObject { ["peers"] = new JsonObject(peers) } };
    }

    /// <summary>Where a region's nodes find its upstream service, through the proxy; nothing without one.</summary>
    private JsonObject? UpstreamSettings(string region) => _links.TryGetValue(LinkNames.Upstream(region), out var link)
        ? new JsonObject { ["upstream"] = new JsonObject { ["url"] = $"http://{link.Authority}" } }
        : null;

    /// <summary>Adds a link. One between regions has the distance between them, for as long as the world lives.</summary>
    private async Task AddLinkAsync(LinkDefinition link, string upstream, CancellationToken cancel, UpstreamTls? tls = null)
    {
        var oneWayMs = link.To is { } to ? _definition.RoundTripMs(link.Region, to) / 2 : 0;
        var request = new ProxyRequest(link.Name, "127.0.0.1:0", upstream, Kind: ProxyKind(link.Kind), Region: link.Region,
            Faults: oneWayMs == 0 ? null : [new FaultRequest("distance", "latency", "both", Attributes: new JsonObject { ["latency"] = oneWayMs })], UpstreamTls: tls);
        var created = await Proxy.CreateProxyAsync(request, cancel).ConfigureAwait(false);
        _links[link.Name] = new Uri($"http://{created.Listen}");
    }

    private static Uri SocketUrl(Uri http) => new($"ws://{http.Authority}/connection/websocket");

    private static string ProxyKind(LinkKind kind) => kind switch { LinkKind.Tcp => "tcp", LinkKind.Http => "http", _ => "websocket" };
}
