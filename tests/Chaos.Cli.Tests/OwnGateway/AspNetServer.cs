using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Chaos.Cli.Tests.OwnGateway;

/// <summary>Two gateways of ASP.NET Core: a plain WebSocket endpoint that echoes, with the framework's own keep-alive, and a SignalR hub.</summary>
internal sealed class AspNetServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private AspNetServer(WebApplication app) => _app = app;

    /// <summary>The plain endpoint.</summary>
    public string Echo => $"{Address}/echo";

    /// <summary>The hub. It closes connections whose first message is not that of its protocol.</summary>
    public string Hub => $"{Address}/hub";

    private string Address => $"ws{_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()["http".Length..]}";

    /// <param name="certificate">Makes it talk TLS.</param>
    public static async Task<AspNetServer> StartAsync(X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null) listen.UseHttps(certificate);
        }));
        builder.Services.AddSignalR(options => options.HandshakeTimeout = TimeSpan.FromSeconds(20));
        var app = builder.Build();
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(2), KeepAliveTimeout = TimeSpan.FromSeconds(2) });
        app.Map("/echo", EchoAsync);
        app.MapHub<SilentHub>("/hub");
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new AspNetServer(app);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static async Task EchoAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[4096];
        try
        {
            while (true)
            {
                var received = await socket.ReceiveAsync(buffer, context.RequestAborted);
                if (received.MessageType == WebSocketMessageType.Close) break;
                await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, context.RequestAborted);
            }

            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", context.RequestAborted);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // The client is gone, or does not answer any more: the end of the request is that of the connection.
            context.Abort();
        }
    }

    private sealed class SilentHub : Hub;
}
