using System.Collections.Concurrent;
using Chaos.Gateway.Protocol;
using Chaos.Gateway.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Chaos.Gateway.Sockets;

/// <summary>Takes WebSocket requests, and knows every connection there is.</summary>
internal sealed class WebSocketEndpoint(SessionServices services, HandshakeGuard guard, IDrain drain, ISendQueueFactory queues, ILogger<WebSocketEndpoint> log)
{
    private readonly ConcurrentDictionary<Session, Task> _connections = new();

    /// <summary>All sessions, authenticated or not.</summary>
    public IReadOnlyCollection<Session> Sessions => [.. _connections.Keys];

    public async Task HandleAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        using var admission = guard.Admit(context.Request);
        if (!admission.IsAccepted)
        {
            services.Metrics.Connection("refused_" + admission.Outcome);
            if (admission.Status == StatusCodes.Status503ServiceUnavailable) context.Response.Headers.RetryAfter = "1";
            context.Response.StatusCode = admission.Status;
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { KeepAliveInterval = Timeout.InfiniteTimeSpan });
        using var connection = new SocketConnection(socket, queues.Create(), services.Settings.Limits, services.Time, log);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var session = new Session(services, connection) { Authenticated = admission.Places!.Authenticated };
        _connections[session] = ended.Task;
        try
        {
            // Accepted while draining or stopping began.
            if (guard.Draining) session.Close(CloseReason.Shutdown);
            await connection.RunAsync(session, context.RequestAborted);
        }
        finally
        {
            _connections.TryRemove(session, out _);
            if (session.Who is not null) services.Metrics.Disconnect(connection.EndCode);
            await session.DisposeAsync();
            ended.SetResult();
        }
    }

    /// <summary>Closes every connection over <paramref name="window"/>.</summary>
    public Task CloseAllAsync(CloseReason reason, TimeSpan window, CancellationToken cancel) => drain.CloseAllAsync(Sessions, reason, window, cancel);

    /// <summary>Waits until no connection is left.</summary>
    public Task WhenEmptyAsync(TimeSpan limit) => Task.WhenAny(Task.WhenAll(_connections.Values), Task.Delay(limit, services.Time));
}
