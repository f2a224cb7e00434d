namespace Chaos.Gateway;

/// <summary>
/// The system's clock, set off by some time, as the clock of a machine that lost its time server. What the time of day is follows from it; how
/// much time passes, and when timers are due, does not.
/// </summary>
public sealed class SkewedClock : TimeProvider
{
    private long _offsetTicks;

    /// <summary>By how much the time of day is ahead of the system's; negative when it is behind. 0 at first. From any thread, at any time.</summary>
    public TimeSpan Offset
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _offsetTicks));
        set => Interlocked.Exchange(ref _offsetTicks, value.Ticks);
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Offset;
}
