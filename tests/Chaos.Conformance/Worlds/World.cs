using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using Chaos.Client.Policies;
using Chaos.Gateway;
using Chaos.Gateway.Settings;
using Chaos.Journal;
using Chaos.Journal.Events;
using Chaos.Load.External;
using Chaos.Load.Fleets;
using Chaos.Load.Scripts;
using Chaos.Load.Tokens;
using Chaos.Proxy;
using Chaos.Proxy.Client;
using Xunit;

namespace Chaos.Conformance.Worlds;

/// <summary>A gateway with a store of its own and a proxy in front of it, both in this process, and a journal to look at.</summary>
internal sealed class World : IAsyncDisposable
{
    public const string Link = "eu.clients";
    public const string Node = "eu.gateway-1";
    public const string AdminToken = "an-admin-token-of-these-tests";
    public const int PingMs = 1_000;

    private readonly string _folder;
    private readonly HttpClient _http = new();

    private World(string folder, GatewayHost gateway, ProxyHost proxy, ControlClient control, string listen)
    {
        (_folder, Gateway, Proxy, Control) = (folder, gateway, proxy, control);
        DirectUrl = new UriBuilder(gateway.Address) { Scheme = "ws", Path = "/connection/websocket" }.Uri;
        ProxyUrl = new Uri($"ws://{listen}/connection/websocket");
        Clock = new Clock();
        Tokens = new TokenIssuer(Secret, "chaos", "chaos-gateway", Clock.Time);
        _http.DefaultRequestHeaders.Authorization = new("Bearer", AdminToken);
    }

    /// <summary>Quick to come back, and slow to give up.</summary>
    public static ClientPolicy Policy { get; } = new() { BaseMs = 50, CapMs = 400, StableMs = 200, ConnectTimeoutMs = 30_000, PingSlackMs = 20_000 };

    public static byte[] Secret { get; } = SHA256.HashData("the secret of these tests"u8);

    public GatewayHost Gateway { get; }

    public ProxyHost Proxy { get; }

    public ControlClient Control { get; }

    public Uri DirectUrl { get; }

    public Uri ProxyUrl { get; }

    public Clock Clock { get; }

    public TokenIssuer Tokens { get; }

    public MemoryJournal Journal { get; } = new();

    private string LedgerPath => Path.Combine(_folder, "ledger.jsonl");

    public static async Task<World> StartAsync(long seed = 1)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        // Patient, so that a machine that stands still for some seconds is no failure of the store, of a client or of the gateway.
        var folder = Directory.CreateTempSubdirectory("chaos-conformance-").FullName;
        var gateway = await GatewayHost.StartAsync(new GatewaySettings
        {
            Node = Node, Listen = "127.0.0.1:0", AdminToken = AdminToken, PingIntervalMs = PingMs, AuditFile = Path.Combine(folder, "audit.jsonl"),
            Jwt = new JwtSettings { Secret = Convert.ToBase64String(Secret), Issuer = "chaos", Audience = "chaos-gateway" },
            PongTimeoutMs = 60_000, TokenExpiryGraceMs = 30_000, Dependency = new DependencySettings { AttemptTimeoutMs = 30_000, TotalTimeoutMs = 60_000 },
        });
        var proxy = await ProxyHost.StartAsync(new ProxyHostOptions { Listen = "127.0.0.1:0", Seed = seed, Ledger = Path.Combine(folder, "ledger.jsonl") });
        var control = new ControlClient(proxy.ControlAddress);
        var link = await control.CreateProxyAsync(new ProxyRequest(Link, "127.0.0.1:0", gateway.Address.Authority, Kind: "websocket", Region: "eu"));
        var world = new World(folder, gateway, proxy, control, link.Listen);
        await Wait.UntilAsync(() => world._http.GetAsync(new Uri(gateway.Address, "/readyz")));
        return world;
    }

    /// <summary>A fleet of <paramref name="client"/> ("reference" or the name of a third-party client).</summary>
    /// <param name="path">"direct" or "proxy".</param>
    public async Task<IFleet> FleetAsync(string client, string path, int count = 1, FeedSpec? feed = null, TimeSpan? tokenTtl = null,
        IReadOnlyList<string>? channels = null, ClientPolicy? policy = null)
    {
        var spec = new FleetSpec
        {
            Experiment = "conformance", Count = count, Channels = channels ?? ["acme:ch-001"], Homes = [new FleetHome(count, [path == "proxy" ? ProxyUrl : DirectUrl], DirectUrl)],
            Policy = policy ?? Policy,
            Feed = feed, Tokens = Tokens, TokenTtl = tokenTtl ?? TimeSpan.FromMinutes(5), Seed = 1, Journal = Journal, Clock = Clock,
        };
        return client == "reference" ? new ReferenceFleet(spec) : new ExternalFleet(spec, await Need.ClientAsync(client));
    }

    public ScriptRunner Script(string path, IReadOnlyDictionary<string, ScriptToken> tokens, params ScriptStepDefinition[] steps) =>
        new("script", _ => path == "proxy" ? ProxyUrl : DirectUrl, steps, tokens, Tokens, new AdminClient(Gateway.Address, AdminToken), Journal, Clock);

    /// <summary>Has the gateway close every connection of a user.</summary>
    public async Task DisconnectAsync(string user, int code)
    {
        using var response = await _http.PostAsJsonAsync(new Uri(Gateway.Address, "/admin/disconnect"), new { user, code });
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Cuts every connection of the link with a reset, and lets new ones through again at once.</summary>
    public async Task CutAsync()
    {
        await Control.AddFaultAsync(Link, new FaultRequest("cut", "reset_peer", "both", 1, new() { ["timeout"] = 0 }, 60_000));
        await Control.RemoveFaultAsync(Link, "cut");
    }

    /// <summary>What the proxy's ledger says so far, read as a journal reads its lines.</summary>
    public IReadOnlyList<JournalEvent> Ledger()
    {
        using var file = new FileStream(LedgerPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        var text = reader.ReadToEnd();
        // The proxy may be in the middle of a line.
        var lines = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Where(line => !line.StartsWith("""{"kind":"proxy.ready""", StringComparison.Ordinal)).Select(line => JournalFormat.Parse(Encoding.UTF8.GetBytes(line)))];
    }

    public async ValueTask DisposeAsync()
    {
        Control.Dispose();
        _http.Dispose();
        await Proxy.DisposeAsync();
        await Gateway.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
