using System.Net.Sockets;
using Chaos.Proxy.Links;
using Chaos.Proxy.Tcp;
using Yarp.ReverseProxy.Forwarder;

namespace Chaos.Proxy.WebSockets;

/// <summary>What the connections of one WebSocket proxy share: the link, the upstreams, and the way to reach them.</summary>
internal sealed class WebSocketProxy : IDisposable
{
    /// <summary>Stands for the upstream in requests; where a connection really goes is decided when it is dialled.</summary>
    public const string Destination = "http://upstream";

    private static readonly HttpRequestOptionsKey<WebSocketConnection> ConnectionKey = new("connection");

    private readonly Upstreams _upstreams;

    public WebSocketProxy(Link link, Upstreams upstreams, string? region)
    {
        Link = link;
        Region = region;
        _upstreams = upstreams;
        Invoker = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = Upstreams.DialTimeout,
            // Every request dials for itself, so a connection and its upstream socket belong together.
            PooledConnectionLifetime = TimeSpan.Zero,
            ConnectCallback = ConnectAsync,
        });
    }

    /// <summary>No timeout of its own: a silent link is not a dead one, and liveness is what clients are tested for.</summary>
    public static ForwarderRequestConfig Config { get; } = new()
    {
        ActivityTimeout = Timeout.InfiniteTimeSpan, Version = new Version(1, 1), VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    public Link Link { get; }

    public string? Region { get; }

    public HttpMessageInvoker Invoker { get; }

    /// <summary>Ties a request to its connection, so that the socket that is dialled for it can be reset.</summary>
    public static void Tie(HttpRequestMessage request, WebSocketConnection connection) => request.Options.Set(ConnectionKey, connection);

    public void Dispose() => Invoker.Dispose();

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var socket = await _upstreams.DialAsync(cancellation).ConfigureAwait(false);
        if (context.InitialRequestMessage.Options.TryGetValue(ConnectionKey, out var connection)) connection.Dialled(socket);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
