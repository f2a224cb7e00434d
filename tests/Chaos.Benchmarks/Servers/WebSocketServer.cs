using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Chaos.Benchmarks.Servers;

/// <summary>The server behind the WebSocket peers: echoes every message as one frame, and answers a close frame.</summary>
internal static class WebSocketServer
{
    private const int MaxMessageBytes = 64 * 1024;

    public static async Task<IBenchmarkServer> StartAsync()
    {
        var application = KestrelServer.CreateBuilder().Build();
        application.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.Zero });
        application.Run(EchoAsync);
        await application.StartAsync();
        return new KestrelServer(application);
    }

    private static async Task EchoAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        try
        {
            await EchoAsync(socket, context.RequestAborted);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // Most connections of a benchmark end without a close frame.
        }
    }

    private static async Task EchoAsync(WebSocket socket, CancellationToken ct)
    {
        var buffer = new byte[MaxMessageBytes];
        var length = 0;
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(length), ct);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, ct);
                return;
            }

            length += part.Count;
            if (!part.EndOfMessage) continue;
            await socket.SendAsync(buffer.AsMemory(0, length), part.MessageType, endOfMessage: true, ct);
            length = 0;
        }
    }
}
