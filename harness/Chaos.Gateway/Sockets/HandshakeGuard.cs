using Chaos.Gateway.Settings;
using Microsoft.AspNetCore.Http;

namespace Chaos.Gateway.Sockets;

/// <summary>Decides at the handshake, before anything is spent on a connection.</summary>
internal sealed class HandshakeGuard
{
    private readonly GatewaySettings _settings;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly HandshakeLimits _limits;
    private readonly Lock _gate = new();

    public HandshakeGuard(GatewaySettings settings, TimeProvider time)
    {
        (_settings, _time, _start) = (settings, time, time.GetTimestamp());
        _limits = new HandshakeLimits(settings.Limits, TimeSpan.Zero);
    }

    /// <summary>Set while the node drains: nothing new is taken.</summary>
    public bool Draining { get; set; }

    public Admission Admit(HttpRequest request)
    {
        if (Draining) return new Admission(StatusCodes.Status503ServiceUnavailable, "draining");
        if (!OriginIsAllowed(request)) return new Admission(StatusCodes.Status403Forbidden, "origin");
        lock (_gate)
        {
            return _limits.Refuse(_time.GetElapsedTime(_start)) is { } reason
                ? new Admission(StatusCodes.Status503ServiceUnavailable, reason)
                : new Admission(StatusCodes.Status101SwitchingProtocols, "accepted") { Places = new Places(_limits, _gate) };
        }
    }

    /// <summary>Only browsers send an origin, and only they can be made to connect by a stranger's page.</summary>
    private bool OriginIsAllowed(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        if (origin.Length == 0) return true;
        if (_settings.AllowedOrigins.Any(o => o == "*" || string.Equals(o, origin, StringComparison.OrdinalIgnoreCase))) return true;
        return Uri.TryCreate(origin, UriKind.Absolute, out var uri) && string.Equals(uri.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);
    }
}

/// <summary>A decision at the handshake, and the places it holds until it is disposed.</summary>
internal sealed record Admission(int Status, string Outcome) : IDisposable
{
    public Places? Places { get; init; }

    public bool IsAccepted => Status == StatusCodes.Status101SwitchingProtocols;

    public void Dispose() => Places?.Free();
}

/// <summary>The places of one connection among all connections and among those that have not authenticated. From any thread, any number of times.</summary>
internal sealed class Places(HandshakeLimits limits, Lock gate)
{
    private bool _authenticated;
    private bool _free;

    /// <summary>Gives back the place among those that have not authenticated.</summary>
    public void Authenticated()
    {
        lock (gate)
        {
            if (_authenticated || _free) return;
            _authenticated = true;
            limits.Authenticated();
        }
    }

    /// <summary>Gives back every place.</summary>
    public void Free()
    {
        lock (gate)
        {
            if (_free) return;
            _free = true;
            limits.Ended(_authenticated);
        }
    }
}
