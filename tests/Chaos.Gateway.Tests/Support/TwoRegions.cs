using Chaos.Gateway.Settings;
using Chaos.Gateway.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace Chaos.Gateway.Tests.Support;

/// <summary>Regions eu and us: a store and a node each, and a relay on the way from each to the other's store.</summary>
internal sealed class TwoRegions : IAsyncDisposable
{
    private readonly List<Node> _more = [];
    private readonly EmbeddedStore _usStore;
    private readonly EmbeddedStore? _euStore;
    private readonly string _euAddress;
    private readonly Func<ReplicationSettings, ReplicationSettings> _change;
    private readonly Func<GatewaySettings, GatewaySettings> _settings;
    private readonly Action<IServiceCollection>? _customise;

    private TwoRegions(string kind, Func<ReplicationSettings, ReplicationSettings>? change, Func<GatewaySettings, GatewaySettings>? settings, Action<IServiceCollection>? customise)
    {
        (_change, _settings, _customise) = (change ?? (r => r), settings ?? (s => s), customise);
        _usStore = EmbeddedStore.Start();
        // A store of its own in either case: regions that share one would have nothing to replicate.
        _euStore = kind == TestStore.Embedded ? EmbeddedStore.Start() : null;
        _euAddress = _euStore?.Address.ToString() ?? TestStore.Address(kind);
        ToUs = new Relay(_usStore.Address.ToString());
        ToEu = new Relay(_euAddress);
    }

    public Relay ToUs { get; }

    public Relay ToEu { get; }

    public Node Eu { get; private set; } = null!;

    public Node Us { get; private set; } = null!;

    public static async Task<TwoRegions> StartAsync(string kind = TestStore.Embedded, Func<ReplicationSettings, ReplicationSettings>? change = null,
        Func<GatewaySettings, GatewaySettings>? settings = null, Action<IServiceCollection>? customise = null)
    {
        var regions = new TwoRegions(kind, change, settings, customise);
        regions.Eu = await regions.StartEuAsync("eu-1");
        regions.Us = await regions.StartAsync("us", "us-1", regions._usStore.Address.ToString(), "eu", regions.ToEu.Address);
        return regions;
    }

    /// <summary>Another node of eu.</summary>
    public async Task<Node> AddEuAsync(string name)
    {
        var node = await StartEuAsync(name);
        _more.Add(node);
        return node;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _more) await node.DisposeAsync();
        await Eu.DisposeAsync();
        await Us.DisposeAsync();
        await ToUs.DisposeAsync();
        await ToEu.DisposeAsync();
        _usStore.Dispose();
        _euStore?.Dispose();
    }

    private Task<Node> StartEuAsync(string name) => StartAsync("eu", name, _euAddress, "us", ToUs.Address);

    private Task<Node> StartAsync(string region, string name, string store, string peer, string peerAddress) => Node.StartAsync(
        s => _settings(s with
        {
            Region = region, Node = name, Redis = store,
            Replication = _change(new ReplicationSettings { Peers = new Dictionary<string, string> { [peer] = peerAddress }, TimeoutMs = 20_000, LeaseMs = 5_000 }),
        }), customise: _customise);
}
