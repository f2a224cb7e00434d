using System.Net.Sockets;
using System.Net.WebSockets;

namespace Chaos.Client.Sockets;

/// <summary>A socket and the handler below it, which tells of every byte that arrives. <see cref="ClientWebSocket"/> alone does not: it returns
/// from a receive only when the buffer or the frame is full, so a slow link would look dead.</summary>
internal sealed class WatchedSocket : IDisposable
{
    private readonly HttpMessageInvoker _invoker;
    private PingingStream? _pinging;

    /// <param name="settings">What it says and does below the protocol.</param>
    /// <param name="onBytes">Called after every read that brought something, on the reading thread.</param>
    public WatchedSocket(SocketSettings settings, Action onBytes)
    {
        // No HTTP proxy: it would be measured too.
        _invoker = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ConnectTimeout = Timeout.InfiniteTimeSpan,
            PlaintextStreamFilter = (context, _) => ValueTask.FromResult<Stream>(settings.PingInterval > TimeSpan.Zero
                ? _pinging = new PingingStream(context.PlaintextStream, onBytes) : new WatchedStream(context.PlaintextStream, onBytes)),
            ConnectCallback = ConnectTcpAsync,
        });
        // Liveness is the client's; what the framework does below it would hide what is tested.
        Socket.Options.KeepAliveInterval = Timeout.InfiniteTimeSpan;
        Socket.Options.CollectHttpResponseDetails = true;
        foreach (var (name, value) in settings.Headers) Socket.Options.SetRequestHeader(name, value);
        foreach (var subprotocol in settings.Subprotocols) Socket.Options.AddSubProtocol(subprotocol);
    }

    public ClientWebSocket Socket { get; } = new();

    public Task ConnectAsync(Uri url, CancellationToken cancel) => Socket.ConnectAsync(url, _invoker, cancel);

    /// <summary>Sends a WebSocket ping; only where the settings have an interval of them, and once it is connected.</summary>
    public Task PingAsync(CancellationToken cancel) => _pinging!.PingAsync(cancel);

    public void Dispose()
    {
        Socket.Dispose();
        _invoker.Dispose();
    }

    private static async ValueTask<Stream> ConnectTcpAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
