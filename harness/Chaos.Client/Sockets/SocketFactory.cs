using System.Net.WebSockets;

namespace Chaos.Client.Sockets;

/// <summary>Makes the sockets of all clients of the process over one handler.</summary>
internal static class SocketFactory
{
    // No HTTP proxy: it would be measured too. SocketsHttpHandler sets NoDelay itself.
    private static readonly HttpMessageInvoker Invoker = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ConnectTimeout = Timeout.InfiniteTimeSpan,
        PooledConnectionLifetime = TimeSpan.Zero,
    });

    public static ClientWebSocket Create()
    {
        var socket = new ClientWebSocket();
        // Liveness is the protocol's; WebSocket pings below it would hide what is tested.
        socket.Options.KeepAliveInterval = Timeout.InfiniteTimeSpan;
        socket.Options.CollectHttpResponseDetails = true;
        return socket;
    }

    public static Task ConnectAsync(ClientWebSocket socket, Uri url, CancellationToken cancel) => socket.ConnectAsync(url, Invoker, cancel);
}
