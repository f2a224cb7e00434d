using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Chaos.Proxy.Client;
using Chaos.Proxy.Tests.Support;

namespace Chaos.Proxy.Tests.Robustness;

/// <summary>A connection through the proxy with both of its ends in hand, as bare sockets.</summary>
internal sealed class Legs : IAsyncDisposable
{
    private readonly Bench _bench;

    private Legs(Bench bench, RawServer server, IPEndPoint address) => (_bench, Server, Address) = (bench, server, address);

    public RawServer Server { get; }

    /// <summary>Where the proxy listens.</summary>
    public IPEndPoint Address { get; }

    public Socket Client { get; private set; } = null!;

    public Socket Upstream { get; private set; } = null!;

    /// <summary>A proxy before a server, and a connection through both.</summary>
    /// <param name="idleFault">A fault that does nothing holds the connection: all bytes go through the queues.</param>
    /// <param name="bufferBytes">Size of the buffers at both ends; 0 for the system's.</param>
    public static async Task<Legs> OpenAsync(bool webSocket, bool idleFault, int bufferBytes = 0)
    {
        var legs = await PrepareAsync(webSocket, idleFault, shakesHands: webSocket, bufferBytes);
        legs.Client = await RawClient.ConnectAsync(legs.Address, webSocket, bufferBytes);
        legs.Upstream = await legs.Server.AcceptAsync();
        return legs;
    }

    /// <summary>A proxy before a server, and no connection yet.</summary>
    public static async Task<Legs> PrepareAsync(bool webSocket, bool idleFault, bool shakesHands, int bufferBytes = 0)
    {
        var bench = await Bench.StartAsync();
        var server = bench.Own(new RawServer(shakesHands, bufferBytes));
        var proxy = await bench.Control.CreateProxyAsync(new ProxyRequest("link", "127.0.0.1:0", server.Address, Kind: webSocket ? "websocket" : "tcp"));
        if (idleFault) await bench.FaultAsync("loss", new JsonObject { ["p"] = 0 });
        if (idleFault && webSocket) await bench.FaultAsync("ws_drop", new JsonObject { ["rate"] = 0 });
        return new Legs(bench, server, IPEndPoint.Parse(proxy.Listen));
    }

    /// <summary>The proxy has no connection left.</summary>
    public Task GoneAsync() => Bench.Until(() => _bench.Ledger("ledger.closed").Length == _bench.Ledger("ledger.opened").Length);

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        await _bench.DisposeAsync();
    }
}
