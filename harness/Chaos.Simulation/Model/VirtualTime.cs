namespace Chaos.Simulation.Model;

/// <summary>The clock of a simulation: it stands still until the next thing happens. It begins at 2000-01-01, so that nothing of a journal
/// depends on the day it was made.</summary>
internal sealed class VirtualTime : TimeProvider
{
    private static readonly DateTimeOffset Origin = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Time since the simulation began.</summary>
    public TimeSpan Now { get; private set; }

    /// <inheritdoc />
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Moves on. Time never goes back.</summary>
    public void MoveTo(TimeSpan now)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(now, Now);
        Now = now;
    }

    /// <inheritdoc />
    public override long GetTimestamp() => Now.Ticks;

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow() => Origin + Now;
}
