using Chaos.Client.Parts;
using Chaos.Client.Policies;

namespace Chaos.Client.Plain;

/// <summary>
/// The silence after which a connection is dead, for a client that pings. Only a gateway that has been heard can fall silent: one that has
/// not answered a single ping of this connection may be none that answers, and its silence says nothing.
/// </summary>
internal sealed class Silence(ILiveness liveness, ClientPolicy policy)
{
    private readonly TimeSpan? _longest = policy.PingIntervalMs > 0 && liveness.LongestSilenceMs(policy.PingIntervalMs, policy) is { } ms ? TimeSpan.FromMilliseconds(ms) : null;
    private TimeSpan _opened;
    private TimeSpan _heard;
    private TimeSpan _look = TimeSpan.MaxValue;

    /// <summary>When to look again.</summary>
    public TimeSpan NextDue => _look;

    /// <summary>A connection has begun.</summary>
    public void Start(TimeSpan now)
    {
        (_opened, _heard) = (now, now);
        _look = _longest is { } longest ? now + longest : TimeSpan.MaxValue;
    }

    /// <summary>Bytes arrived; those of the handshake's answer came before the connection began.</summary>
    public void Broken(TimeSpan at)
    {
        if (at <= _heard || _longest is not { } longest) return;
        (_heard, _look) = (at, at + longest);
    }

    /// <summary>Whether the connection is dead.</summary>
    public bool IsTooLong(TimeSpan now)
    {
        if (_longest is not { } longest || now < _look) return false;
        if (_heard > _opened) return true;
        _look = now + longest;
        return false;
    }
}
