using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Chaos.Proxy.Client;

namespace Chaos.Proxy.Tests.Support;

/// <summary>A proxy host with its client and ledger, and the servers behind it.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _owned = [];
    private readonly string _ledgerPath = Path.Combine(Path.GetTempPath(), $"ledger-{Guid.NewGuid():N}.jsonl");

    // A client's own patience is that of users, who are told when a proxy does not answer.
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromMilliseconds(Patience) };

    private Bench()
    {
    }

    /// <summary>How long a test waits for what must come, in milliseconds: longer than a machine stands still, and shorter than the minute that faults are given that must not end by themselves.</summary>
    public const int Patience = 55_000;

    public ProxyHost Host { get; private set; } = null!;

    public ControlClient Control { get; private set; } = null!;

    public static async Task<Bench> StartAsync(long seed = 7, TimeProvider? time = null, string? token = null, TimeSpan? tlsHandshake = null)
    {
        var bench = new Bench();
        bench.Host = await ProxyHost.StartAsync(new ProxyHostOptions
        {
            Listen = "127.0.0.1:0", Seed = seed, Ledger = bench._ledgerPath, ControlToken = token, TlsHandshakeTimeout = tlsHandshake ?? new ProxyHostOptions().TlsHandshakeTimeout,
        }, time);
        bench.Control = new ControlClient(bench.Host.ControlAddress, token, bench._http);
        return bench;
    }

    public T Own<T>(T part) where T : IAsyncDisposable
    {
        _owned.Add(part);
        return part;
    }

    public async Task<(EchoServer Server, IPEndPoint Address)> TcpAsync(string name = "link")
    {
        var server = Own(new EchoServer());
        var proxy = await Control.CreateProxyAsync(new ProxyRequest(name, "127.0.0.1:0", server.Address));
        return (server, IPEndPoint.Parse(proxy.Listen));
    }

    public async Task<(WebSocketEchoServer Server, Uri Address)> WebSocketAsync(string name = "link")
    {
        var server = Own(await WebSocketEchoServer.StartAsync());
        var proxy = await Control.CreateProxyAsync(new ProxyRequest(name, "127.0.0.1:0", server.Address, Kind: "websocket", Region: "eu"));
        return (server, new Uri($"ws://{proxy.Listen}/connection/websocket"));
    }

    public Task<FaultInfo> FaultAsync(string type, JsonObject? attributes = null, string stream = "both", double toxicity = 1, string? name = null, string link = "link") =>
        Control.AddFaultAsync(link, new FaultRequest(name ?? type, type, stream, toxicity, attributes));

    public static async Task<Socket> ConnectAsync(IPEndPoint address)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address);
        return socket;
    }

    public static async Task<ClientWebSocket> ConnectAsync(Uri address, string? client = null)
    {
        var socket = new ClientWebSocket();
        socket.Options.KeepAliveInterval = TimeSpan.Zero;
        using var patience = new CancellationTokenSource(Patience);
        await socket.ConnectAsync(client is null ? address : new Uri(address + "?client=" + client), patience.Token);
        return socket;
    }

    /// <summary>Ledger lines so far, each parsed; a last half line is left out.</summary>
    public JsonObject[] Ledger()
    {
        using var file = new FileStream(_ledgerPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        var text = reader.ReadToEnd();
        return [.. text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())];
    }

    public JsonObject[] Ledger(string kind) => [.. Ledger().Where(line => line["kind"]!.GetValue<string>() == kind)];

    /// <summary>Waits for a ledger line.</summary>
    public async Task<JsonObject> LedgerAsync(string kind, Func<JsonObject, bool>? that = null)
    {
        JsonObject? found = null;
        await Until(() => (found = Ledger(kind).FirstOrDefault(line => that is null || that(line))) is not null, () => $"no {kind} line; the ledger has:\n{string.Join('\n', Ledger().Select(line => line.ToJsonString()))}");
        return found!;
    }

    public static Task Until(Func<bool> condition, Func<string>? otherwise = null, int patienceMs = Patience) =>
        Until(() => Task.FromResult(condition()), otherwise, patienceMs);

    public static async Task Until(Func<Task<bool>> condition, Func<string>? otherwise = null, int patienceMs = Patience)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start).TotalMilliseconds < patienceMs, otherwise?.Invoke() ?? "the condition was not met in time");
            await Task.Delay(5);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        Control.Dispose();
        _http.Dispose();
        foreach (var part in _owned)
            await part.DisposeAsync();
        File.Delete(_ledgerPath);
    }
}
