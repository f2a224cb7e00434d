using Chaos.Gateway.Settings;

namespace Chaos.Gateway.Sockets;

/// <summary>
/// Which handshakes one node takes: so many a second over a burst of twice as many, so many connections in all, and so many that have not
/// authenticated yet. It reads no clock and takes no lock, so that a simulation decides with the very same code. One call at a time.
/// </summary>
/// <param name="limits">The node's limits.</param>
/// <param name="start">When the node started, on the clock of the calls.</param>
internal sealed class HandshakeLimits(LimitSettings limits, TimeSpan start)
{
    private readonly int _burst = limits.HandshakesPerSecond * 2;
    private readonly int _refill = Math.Max(1, limits.HandshakesPerSecond / 10);
    private readonly TimeSpan _period = TimeSpan.FromMilliseconds(limits.HandshakesPerSecond < 10 ? 1000.0 / limits.HandshakesPerSecond : 100);
    private int _tokens = limits.HandshakesPerSecond * 2;
    private TimeSpan _refilled = start;

    /// <summary>Connections that hold a place.</summary>
    public int Connections { get; private set; }

    /// <summary>Those of them that have not authenticated yet.</summary>
    public int Unauthenticated { get; private set; }

    /// <summary>Decides on a handshake. One that is taken holds a place until <see cref="Ended"/>.</summary>
    /// <param name="now">When it arrived; never earlier than the call before.</param>
    /// <returns>Null when it is taken; else why not: <c>rate</c>, <c>limit</c> or <c>unauthenticated</c>.</returns>
    public string? Refuse(TimeSpan now)
    {
        Refill(now);
        if (_tokens == 0) return "rate";
        _tokens--;
        if (Connections >= limits.MaxConnections) return "limit";
        if (Unauthenticated >= limits.MaxUnauthenticated) return "unauthenticated";
        Connections++;
        Unauthenticated++;
        return null;
    }

    /// <summary>A connection has authenticated.</summary>
    public void Authenticated() => Unauthenticated--;

    /// <summary>A connection is over.</summary>
    /// <param name="authenticated">Whether <see cref="Authenticated"/> was told of it.</param>
    public void Ended(bool authenticated)
    {
        Connections--;
        if (!authenticated) Unauthenticated--;
    }

    // Whole periods only: tokens come in steps, a tenth of a second's worth at a time.
    private void Refill(TimeSpan now)
    {
        var periods = (now - _refilled).Ticks / _period.Ticks;
        if (periods <= 0) return;
        _refilled += periods * _period;
        _tokens = (int)Math.Min(_burst, _tokens + (periods * _refill));
    }
}
