using System.Net;
using System.Net.Sockets;
using Chaos.Proxy.Faults;
using Chaos.Proxy.Links;
using Chaos.Proxy.WebSockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace Chaos.Proxy.Http;

/// <summary>One Kestrel server with YARP's forwarder, for the connections of all WebSocket and HTTP proxies.</summary>
internal sealed class HttpServer : IHttpApplication<HttpContext>, IAsyncDisposable
{
    private readonly AcceptedConnections _accepted = new();
    private readonly PinnedMemory _memory = new();
    private readonly SocketConnectionContextFactory _contexts;
    private readonly KestrelServer _server;
    private readonly ServiceProvider _services;
    private readonly IHttpForwarder _forwarder;

    public HttpServer(ILoggerFactory loggers)
    {
        _services = new ServiceCollection().AddSingleton(loggers).AddSingleton(typeof(ILogger<>), typeof(Logger<>)).AddHttpForwarder().BuildServiceProvider();
        _forwarder = _services.GetRequiredService<IHttpForwarder>();
        var options = new KestrelServerOptions { ApplicationServices = _services, AddServerHeader = false };
        // A slow or silent peer is what experiments are about; the proxy must not judge it.
        options.Limits.MinResponseDataRate = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MaxRequestBodySize = null;
        options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        _contexts = new SocketConnectionContextFactory(_memory.Options, loggers.CreateLogger<SocketConnectionContextFactory>());
        _server = new KestrelServer(Options.Create(options), _accepted, loggers);
    }

    public Task StartAsync(CancellationToken cancellation) => _server.StartAsync(this, cancellation);

    /// <summary>Serves a connection that a proxy has accepted, once faults on connecting let it.</summary>
    public async Task ServeAsync(HttpProxy proxy, Socket socket)
    {
        var link = proxy.Link;
        if (!link.Faults.Any(fault => fault.Definition.Behaviour is ConnectFault))
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

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures) { RequestServices = _services };

    public async Task ProcessRequestAsync(HttpContext context)
    {
        var leg = context.Features.GetRequiredFeature<ClientLeg>();
        var upgrade = context.Features.Get<IHttpUpgradeFeature>();
        if (upgrade is { IsUpgradableRequest: true } && context.Request.Headers.Upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase))
            await new WebSocketConnection(leg, context, upgrade).RunAsync(_forwarder).ConfigureAwait(false);
        else await new HttpExchange(leg, context).RunAsync(_forwarder).ConfigureAwait(false);
    }

    private void Serve(HttpProxy proxy, Socket socket, long ordinal)
    {
        var connection = _contexts.Create(socket);
        _ = new ClientLeg(proxy, socket, connection, ordinal);
        _accepted.Serve(connection);
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
        await _memory.DisposeAsync().ConfigureAwait(false);
        await _services.DisposeAsync().ConfigureAwait(false);
    }
}
