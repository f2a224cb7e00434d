namespace Chaos.Journal;

/// <summary>
/// Microseconds since the Unix epoch that never run backwards: the wall clock is read once, then advanced by the
/// monotonic clock. Every process of a run uses this scheme, so their times can be compared.
/// </summary>
public sealed class Clock
{
    private readonly TimeProvider _time;
    private readonly long _originUs;
    private readonly long _originTicks;

    /// <summary>A clock on <paramref name="time"/>; the system's by default.</summary>
    public Clock(TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        _originTicks = _time.GetTimestamp();
        _originUs = (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
    }

    /// <summary>The time source behind it.</summary>
    public TimeProvider Time => _time;

    /// <summary>Now, in microseconds since the Unix epoch.</summary>
    public long NowUs => _originUs + _time.GetElapsedTime(_originTicks).Ticks / TimeSpan.TicksPerMicrosecond;
}
