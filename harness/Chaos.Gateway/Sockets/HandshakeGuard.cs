using System.Threading.RateLimiting;
using Chaos.Gateway.Settings;
using Microsoft.AspNetCore.Http;

namespace Chaos.Gateway.Sockets;

/// <summary>Decides at the handshake, before anything is spent on a connection.</summary>
internal sealed class HandshakeGuard(GatewaySettings settings) : IDisposable
{
    private readonly TokenBucketRateLimiter _rate = new(new TokenBucketRateLimiterOptions
    {
        TokenLimit = settings.Limits.HandshakesPerSecond * 2,
        TokensPerPeriod = Math.Max(1, settings.Limits.HandshakesPerSecond / 10),
        ReplenishmentPeriod = TimeSpan.FromMilliseconds(settings.Limits.HandshakesPerSecond < 10 ? 1000.0 / settings.Limits.HandshakesPerSecond : 100),
        QueueLimit = 0,
        AutoReplenishment = true,
    });

    private readonly ConcurrencyLimiter _unauthenticated = new(new ConcurrencyLimiterOptions { PermitLimit = settings.Limits.MaxUnauthenticated, QueueLimit = 0 });
    private readonly ConcurrencyLimiter _connections = new(new ConcurrencyLimiterOptions { PermitLimit = settings.Limits.MaxConnections, QueueLimit = 0 });

    /// <summary>Set while the node drains: nothing new is taken.</summary>
    public bool Draining { get; set; }

    public Admission Admit(HttpRequest request)
    {
        if (Draining) return new Admission(StatusCodes.Status503ServiceUnavailable, "draining");
        if (!OriginIsAllowed(request)) return new Admission(StatusCodes.Status403Forbidden, "origin");
        using var rate = _rate.AttemptAcquire();
        if (!rate.IsAcquired) return new Admission(StatusCodes.Status503ServiceUnavailable, "rate");
        var connection = _connections.AttemptAcquire();
        if (!connection.IsAcquired)
        {
            connection.Dispose();
            return new Admission(StatusCodes.Status503ServiceUnavailable, "limit");
        }
        var unauthenticated = _unauthenticated.AttemptAcquire();
        if (unauthenticated.IsAcquired) return new Admission(StatusCodes.Status101SwitchingProtocols, "accepted") { Connection = connection, Unauthenticated = unauthenticated };
        unauthenticated.Dispose();
        connection.Dispose();
        return new Admission(StatusCodes.Status503ServiceUnavailable, "unauthenticated");
    }

    public void Dispose()
    {
        _rate.Dispose();
        _unauthenticated.Dispose();
        _connections.Dispose();
    }

    /// <summary>Only browsers send an origin, and only they can be made to connect by a stranger's page.</summary>
    private bool OriginIsAllowed(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        if (origin.Length == 0) return true;
        if (settings.AllowedOrigins.Any(o => o == "*" || string.Equals(o, origin, StringComparison.OrdinalIgnoreCase))) return true;
        return Uri.TryCreate(origin, UriKind.Absolute, out var uri) && string.Equals(uri.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);
    }
}

/// <summary>A decision at the handshake, and the places it holds until it is disposed.</summary>
internal sealed record Admission(int Status, string Outcome) : IDisposable
{
    public RateLimitLease? Connection { get; init; }

    public RateLimitLease? Unauthenticated { get; init; }

    public bool IsAccepted => Status == StatusCodes.Status101SwitchingProtocols;

    public void Dispose()
    {
        Unauthenticated?.Dispose();
        Connection?.Dispose();
    }
}
