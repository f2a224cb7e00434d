using Chaos.Gateway.Admin;
using Chaos.Gateway.Dependencies;
using Chaos.Gateway.Sockets;
using Chaos.Gateway.Stores;
using Chaos.Gateway.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Polly.CircuitBreaker;

namespace Chaos.Gateway;

/// <summary>What a node answers on which path.</summary>
internal static class GatewayRoutes
{
    public static void Map(WebApplication app)
    {
        var sockets = app.Services.GetRequiredService<WebSocketEndpoint>();
        var admin = app.Services.GetRequiredService<AdminApi>();
        app.UseWebSockets();
        app.Map("/connection/websocket", sockets.HandleAsync);
        app.Map("/admin/{**path}", admin.HandleAsync);
        // Alive: the process answers. Redis is no part of it, a restart would not bring Redis back.
        app.MapGet("/healthz", () => Results.Text("ok\n"));
        app.MapGet("/readyz", () => Ready(app.Services) is { } reason ? Results.Text(reason + "\n", statusCode: StatusCodes.Status503ServiceUnavailable) : Results.Text("ready\n"));
        app.MapPrometheusScrapingEndpoint("/metrics");
    }

    /// <summary>Why the node is not ready, or null.</summary>
    private static string? Ready(IServiceProvider services)
    {
        if (services.GetRequiredService<HandshakeGuard>().Draining) return "draining";
        if (!services.GetRequiredService<RedisConnection>().IsConnected) return "redis is not connected";
        if (services.GetRequiredService<DependencyMetrics>().State(Dependency.Redis) == CircuitState.Open) return "redis breaker is open";
        return services.GetRequiredService<Streams.LiveFeed>().IsLive ? null : "redis subscription is silent";
    }
}
