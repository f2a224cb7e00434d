using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Chaos.Gateway.Tests.Support;

/// <summary>A client with small buffers that reads what it must and then nothing more.</summary>
internal sealed class StalledClient : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        ConnectCallback = async (context, cancel) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4_096 };
            await socket.ConnectAsync(new DnsEndPoint(context.DnsEndPoint.Host, context.DnsEndPoint.Port), cancel);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });

    public static async Task<StalledClient> ConnectAsync(Uri gateway)
    {
        var client = new StalledClient();
        await client._socket.ConnectAsync(new UriBuilder(gateway) { Scheme = "ws", Path = "/connection/websocket" }.Uri, client._http, default);
        await client.CallAsync(1, "connect", new JsonObject { ["token"] = Tokens.Connect("stalled") });
        return client;
    }

    public Task SubscribeAsync(string channel) => CallAsync(2, "subscribe", new JsonObject { ["channel"] = channel });

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task CallAsync(int id, string method, JsonObject body)
    {
        await _socket.SendAsync(Encoding.UTF8.GetBytes(WireClient.Message(id, method, body)), WebSocketMessageType.Text, true, default);
        var received = await _socket.ReceiveAsync(new byte[8_192].AsMemory(), default);
        Assert.True(received.EndOfMessage);
    }
}
