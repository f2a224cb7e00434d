using System.Net.Sockets;
using Chaos.Proxy.Control.Api;
using Chaos.Proxy.Http;
using Chaos.Proxy.Links;
using Chaos.Proxy.Tcp;
using Chaos.Proxy.Tls;

namespace Chaos.Proxy.Control;

/// <summary>The way from a proxy's clients to its upstreams, as its settings have it.</summary>
internal sealed class ProxyPath : IDisposable
{
    private readonly Link _link;
    private readonly HttpServer _server;
    private readonly Upstreams _upstreams;
    private readonly HttpProxy? _http;

    /// <param name="known">A self-signed identity that clients may have come to trust; null for none.</param>
    /// <exception cref="ControlError">A file that TLS needs is not what it must be.</exception>
    public ProxyPath(ProxySettings settings, Link link, HttpServer server, ServerIdentity? known = null)
    {
        (_link, _server) = (link, server);
        try
        {
            Identity = known ?? (settings.Tls is { } tls ? ServerIdentity.Load(tls, HostOf(settings.Listen)) : null);
            _upstreams = Upstreams.ParseLenient(settings.Upstream, server.Handshake, settings.UpstreamTls is { } upstreamTls ? new UpstreamTrust(upstreamTls) : null);
        }
        catch (FormatException e)
        {
            throw new ControlError(400, e.Message);
        }
        _http = settings.Kind == ProxyKind.Tcp ? null : new HttpProxy(link, Identity, _upstreams);
    }

    /// <summary>Who the proxy is to its clients; null where it talks in the clear.</summary>
    public ServerIdentity? Identity { get; }

    /// <summary>Serves a client that has connected.</summary>
    public void Serve(Socket client)
    {
        if (_http is not null) _ = _server.ServeAsync(_http, client);
        else _ = new TcpConnection(_link, client, Identity, _server.Handshake, _upstreams).RunAsync();
    }

    /// <summary>Sends connections that are dialled from now on to others; those that are open stay.</summary>
    /// <exception cref="FormatException">The upstream is malformed.</exception>
    public void Redirect(string upstream) => _upstreams.Redirect(upstream);

    /// <summary>Resets clients that have no request under way. The link knows of all others.</summary>
    public void CutIdle() => _http?.Cut();

    /// <summary>Nobody can be served any more.</summary>
    public void Dispose() => _http?.Dispose();

    /// <summary>Host of an address, for which a self-signed certificate is made.</summary>
    public static string HostOf(string listen) => listen[..Math.Max(0, listen.LastIndexOf(':'))].Trim('[', ']');
}
