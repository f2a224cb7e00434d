using System.Collections.Concurrent;
using Chaos.Proxy.Links;
using Chaos.Proxy.Tcp;
using Chaos.Proxy.Tls;
using Yarp.ReverseProxy.Forwarder;

namespace Chaos.Proxy.Http;

/// <summary>
/// What the connections of one WebSocket or HTTP proxy share: the link, the upstreams, the way to reach them, and the
/// clients that are connected.
/// </summary>
internal sealed class HttpProxy : IDisposable
{
    /// <summary>Stands for the upstream in requests; where a connection really goes is decided when it is dialled.</summary>
    public const string Destination = "http://upstream";

    private readonly ConcurrentDictionary<ClientLeg, bool> _clients = [];
    private readonly Upstreams _upstreams;

    /// <param name="identity">Who the proxy is to its clients; null to talk in the clear.</param>
    public HttpProxy(Link link, ServerIdentity? identity, Upstreams upstreams)
    {
        Identity = identity;
        Link = link;
        _upstreams = upstreams;
        Invoker = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
            // Longer than a dial and a TLS handshake may take, so that it is known which of them did not come to an end.
            ConnectTimeout = upstreams.Patience + Upstreams.DialTimeout,
            // Every request dials for itself, so a request and its upstream socket belong together.
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

    public ServerIdentity? Identity { get; }

    public HttpMessageInvoker Invoker { get; }

    /// <summary>A client is connected, until <see cref="Left"/>.</summary>
    public void Joined(ClientLeg client) => _clients.TryAdd(client, true);

    public void Left(ClientLeg client) => _clients.TryRemove(client, out _);

    /// <summary>Resets every client, also those without a request under way.</summary>
    public void Cut()
    {
        foreach (var (client, _) in _clients)
            client.Reset();
    }

    /// <summary>Resets every client; none can be served any more.</summary>
    public void Dispose()
    {
        Cut();
        Invoker.Dispose();
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation) =>
        new UpstreamStream(await _upstreams.DialAsync(cancellation).ConfigureAwait(false));
}
