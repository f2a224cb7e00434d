using System.Net.Security;
using System.Net.Sockets;
using Chaos.Proxy.Faults;
using Chaos.Proxy.Links;
using Chaos.Proxy.Tls;
using Chaos.Proxy.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace Chaos.Proxy.Http;

/// <summary>One Kestrel server with YARP's forwarder, for the connections of all WebSocket and HTTP proxies.</summary>
internal sealed class HttpServer : IHttpApplication<HttpContext>, IAsyncDisposable
{
    /// <summary>Requests and WebSockets that one HTTP/2 connection can carry at once.</summary>
    private const int MaxStreams = 1000;

    /// <summary>What a client may send on a stream before the proxy has taken it.</summary>
    private const int StreamWindowBytes = 768 * 1024;

    /// <summary>
    /// As long as a client may be idle between requests, or slow with a head: for ever. It is no endless time span, because
    /// the server adds that to its clock, which overflows, and then closes the connection within a second.
    /// </summary>
    private static readonly TimeSpan Patient = TimeSpan.FromDays(3650);

    private static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromSeconds(1);
    private static readonly ServerEntrance Plain = new("plain");
    private static readonly ServerEntrance PlainHttp2 = new("plain h2");
    private static readonly ServerEntrance Secured = new("tls");

    private readonly AcceptedConnections _accepted = new();
    private readonly WebApplication _host;
    private readonly SocketConnectionContextFactory _contexts;
    private readonly KestrelServer _server;
    private readonly IHttpForwarder _forwarder;

    public HttpServer(ILoggerFactory loggers, TlsHandshake handshake)
    {
        Handshake = handshake;
        var report = new TlsReport(loggers, handshake);
        // Only its services are used: the host is never started.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddSingleton<ILoggerFactory>(report).AddHttpForwarder();
        _host = builder.Build();
        _forwarder = _host.Services.GetRequiredService<IHttpForwarder>();
        var sockets = new SocketConnectionFactoryOptions();
        PinnedMemory.TryUse(sockets, _host.Services);
        _contexts = new SocketConnectionContextFactory(sockets, loggers.CreateLogger<SocketConnectionContextFactory>());
        _server = new KestrelServer(Options.Create(ServerOptions(report)), _accepted, loggers);
    }

    /// <summary>How the proxies shake hands, with clients and upstreams.</summary>
    public TlsHandshake Handshake { get; }

    public Task StartAsync(CancellationToken cancellation) => _server.StartAsync(this, cancellation);

    /// <summary>Serves a connection that a proxy has accepted, once faults on connecting let it.</summary>
    public async Task ServeAsync(HttpProxy proxy, Socket socket)
    {
        var link = proxy.Link;
        if (!link.Faults.Any(fault => fault.Definition.Behaviour is ConnectFault or DownFault))
        {
            Serve(proxy, socket, link.Reserve());
            return;
        }
        var arrival = new Arrival(link, socket);
        link.Open(arrival);
        // It is served before it leaves, so that there is no moment at which nobody could cut it.
        if (await Arrival.PassAsync(arrival).ConfigureAwait(false) && arrival.TryHandOver()) Serve(proxy, socket, arrival.Ordinal);
        link.Leave(arrival);
    }

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures) { RequestServices = _host.Services };

    public async Task ProcessRequestAsync(HttpContext context)
    {
        var client = context.Features.GetRequiredFeature<ClientLeg>();
        if (WebSocketHandshake.Of(context) is { } handshake) await new WebSocketConnection(client, context, handshake).RunAsync(_forwarder).ConfigureAwait(false);
        else await new HttpExchange(client, context).RunAsync(_forwarder).ConfigureAwait(false);
    }

    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    public async ValueTask DisposeAsync()
    {
        // Connections were ended before: there is nothing to wait for.
        await _server.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        _server.Dispose();
        _contexts.Dispose();
        await _host.DisposeAsync().ConfigureAwait(false);
    }

    private void Serve(HttpProxy proxy, Socket socket, long ordinal)
    {
        var connection = _contexts.Create(socket);
        _ = new ClientLeg(proxy, socket, connection, ordinal);
        if (proxy.Identity is null) _ = ServePlainAsync(connection);
        else _accepted.Serve(Secured, connection);
    }

    private async Task ServePlainAsync(ConnectionContext connection) =>
        _accepted.Serve(await Http2Preface.BeginsAsync(connection.Transport.Input).ConfigureAwait(false) ? PlainHttp2 : Plain, connection);

    private KestrelServerOptions ServerOptions(TlsReport report)
    {
        var options = new KestrelServerOptions { ApplicationServices = _host.Services, AddServerHeader = false };
        // A slow or silent peer is what experiments are about; the proxy must not judge it.
        options.Limits.MinResponseDataRate = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MaxRequestBodySize = null;
        options.Limits.KeepAliveTimeout = Patient;
        options.Limits.RequestHeadersTimeout = Patient;
        options.Limits.Http2.MaxStreamsPerConnection = MaxStreams;
        // Each stream fills its own window when a fault holds it up; the connection's must outlast that for the others.
        options.Limits.Http2.InitialStreamWindowSize = StreamWindowBytes;
        options.Limits.Http2.InitialConnectionWindowSize = MaxStreams * StreamWindowBytes;
        options.Listen(Plain, entrance => entrance.Protocols = HttpProtocols.Http1);
        options.Listen(PlainHttp2, entrance => entrance.Protocols = HttpProtocols.Http2);
        options.Listen(Secured, entrance =>
        {
            entrance.Protocols = HttpProtocols.Http1AndHttp2;
            entrance.Use(report.Watch);
            entrance.UseHttps(new TlsHandshakeCallbackOptions { HandshakeTimeout = Handshake.Limit, OnConnection = ChooseIdentity });
            entrance.Use(EndInOrder);
        });
        return options;
    }

    // The server itself closes without a goodbye.
    private static ConnectionDelegate EndInOrder(ConnectionDelegate next) => async connection =>
    {
        await next(connection).ConfigureAwait(false);
        if (connection.Features.Get<ISslStreamFeature>() is { } tls) await Task.WhenAny(tls.SslStream.NotifyAsync(), Task.Delay(GoodbyeTimeout)).ConfigureAwait(false);
    };

    private static ValueTask<SslServerAuthenticationOptions> ChooseIdentity(TlsHandshakeCallbackContext context) =>
        new(context.Connection.Features.GetRequiredFeature<ClientLeg>().Proxy.Identity!.Options(SslApplicationProtocol.Http2, SslApplicationProtocol.Http11));
}
