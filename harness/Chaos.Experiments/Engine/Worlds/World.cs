using Chaos.Experiments.Definitions;
using Chaos.Experiments.Engine.Processes;
using Chaos.Journal;
using Chaos.Journal.Events;
using Chaos.Proxy.Client;

namespace Chaos.Experiments.Engine.Worlds;

/// <summary>
/// A running world: a store and gateway nodes for each region, and one proxy that every link crosses.
/// </summary>
public sealed class World : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);

    private readonly List<Part> _parts = [];
    private readonly List<Part> _gateways = [];
    private readonly Dictionary<string, Uri> _links = [];
    private readonly ExperimentJournal _journal;
    private readonly Clock _clock;
    private GatewaySettingsFile? _settings;

    private World(ExperimentJournal journal, Clock clock) => (_journal, _clock) = (journal, clock);

    /// <summary>Typed client of the world's proxy.</summary>
    public ControlClient Proxy { get; private set; } = null!;

    /// <summary>Gateway nodes.</summary>
    public IReadOnlyList<Part> Gateways => _gateways;

    /// <summary>Secrets shared by its parts.</summary>
    public Secrets Secrets { get; } = Secrets.Create();

    /// <summary>Where clients of a link connect, through the proxy.</summary>
    public Uri ClientUrl(string link) => SocketUrl(_links[link]);

    /// <summary>The first gateway node of a link's region, past the proxy.</summary>
    public Uri DirectUrl(string link) => SocketUrl(DirectHttp(link));

    /// <summary>Its administrative address.</summary>
    public Uri DirectHttp(string link) => _gateways.First(g => g.Name.StartsWith(Region(link) + ".", StringComparison.Ordinal)).Address;

    /// <summary>A part that ended by itself, or null.</summary>
    public Part? Dead => _parts.Find(p => p.Died);

    /// <summary>Starts every part, in the order of their dependencies.</summary>
    /// <exception cref="WorldException">A part did not start; everything started before it has been stopped again.</exception>
    public static async Task<World> StartAsync(ExperimentDefinition experiment, long seed, string? gatewayMutant, Self self,
        ExperimentJournal journal, Clock clock, CancellationToken cancel)
    {
        var world = new World(journal, clock);
        try
        {
            world._settings = new GatewaySettingsFile(experiment.Gateway, world.Secrets);
            var proxy = await world.StartPartAsync(self, "proxy", "proxy",
                ["proxy", "--listen", "127.0.0.1:0", "--seed", $"{seed}", "--ledger", "-", "--exit-with-parent"], journal.WriteLedgerLine, cancel).ConfigureAwait(false);
            world.Proxy = new ControlClient(proxy.Address);
            foreach (var region in experiment.World.Regions)
                await world.StartRegionAsync(region, gatewayMutant, self, cancel).ConfigureAwait(false);
            return world;
        }
        catch
        {
            await world.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Stops every part, the last started first. The proxy goes last, so that its ledger sees every connection end.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var part in Enumerable.Reverse(_parts))
        {
            var expected = !part.Died;
            await part.DisposeAsync().ConfigureAwait(false);
            if (!expected)
                _journal.Write(new HarnessFailed(part.Name, $"ended by itself with exit code {part.ExitCode}: {part.LastWords}") { At = _clock.NowUs });
            _journal.Write(new PartEnded(part.Name, Role(part.Name), part.ExitCode, expected) { At = _clock.NowUs });
        }

        _parts.Clear();
        _settings?.Dispose();
        Proxy?.Dispose();
    }

    private async Task StartRegionAsync(RegionDefinition region, string? mutant, Self self, CancellationToken cancel)
    {
        var store = region.Store.Address;
        if (region.Store.Kind == "embedded")
        {
            var part = await StartPartAsync(self, $"{region.Name}.store", "store", ["store", "--listen", "127.0.0.1:0", "--exit-with-parent"], null, cancel).ConfigureAwait(false);
            store = part.Address.Authority;
        }

        var redis = await AddLinkAsync($"{region.Name}.redis", LinkKind.Tcp, store!, cancel).ConfigureAwait(false);
        var starting = Enumerable.Range(1, region.Gateways).Select(i => StartGatewayAsync(region, i, redis, mutant, self, cancel));
        var nodes = await Task.WhenAll(starting).ConfigureAwait(false);
        _gateways.AddRange(nodes.OrderBy(n => n.Name, StringComparer.Ordinal));
        await AddLinkAsync($"{region.Name}.clients", LinkKind.WebSocket, string.Join(',', nodes.Select(n => n.Address.Authority)), cancel).ConfigureAwait(false);
    }

    private Task<Part> StartGatewayAsync(RegionDefinition region, int node, Uri redis, string? mutant, Self self, CancellationToken cancel)
    {
        var name = $"{region.Name}.gateway-{node}";
        string[] arguments =
        [
            "gateway", "--listen", "127.0.0.1:0", "--redis", redis.Authority, "--node", name, "--settings", _settings!.FilePath,
            "--audit", Path.Combine(_settings.Folder, $"{name}.audit.jsonl"), "--exit-with-parent",
        ];
        return StartPartAsync(self, name, "gateway", mutant is null ? arguments : [.. arguments, "--mutant", mutant], null, cancel);
    }

    private async Task<Part> StartPartAsync(Self self, string name, string role, IEnumerable<string> arguments, Action<string>? onLine, CancellationToken cancel)
    {
        var part = await Part.StartAsync(self, name, arguments, onLine, StartTimeout, cancel).ConfigureAwait(false);
        lock (_parts) _parts.Add(part);
        _journal.Write(new PartStarted(name, role, part.Address.Authority, part.Pid) { At = _clock.NowUs });
        return part;
    }

    private async Task<Uri> AddLinkAsync(string name, LinkKind kind, string upstream, CancellationToken cancel)
    {
        var request = new ProxyRequest(name, "127.0.0.1:0", upstream, Kind: kind == LinkKind.Tcp ? "tcp" : "websocket");
        var created = await Proxy.CreateProxyAsync(request, cancel).ConfigureAwait(false);
        return _links[name] = new Uri($"http://{created.Listen}");
    }

    private static Uri SocketUrl(Uri http) => new($"ws://{http.Authority}/connection/websocket");

    private static string Region(string link) => link[..link.IndexOf('.', StringComparison.Ordinal)];

    private static string Role(string part) => part == "proxy" ? "proxy" : part.Contains(".gateway", StringComparison.Ordinal) ? "gateway" : "store";
}
