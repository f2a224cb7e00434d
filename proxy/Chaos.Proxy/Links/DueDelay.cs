namespace Chaos.Proxy.Links;

/// <summary>A single wait with the precision of the lanes.</summary>
internal static class DueDelay
{
    // Long waits are the runtime's timers' work, which can be cancelled without a trace; only the rest is timed precisely.
    private const long PreciseNs = 50_000_000;

    /// <summary>Waits until a monotonic time in nanoseconds, or until cancelled.</summary>
    /// <returns>Whether the time came.</returns>
    public static async ValueTask<bool> UntilAsync(DueScheduler scheduler, long dueNs, CancellationToken stop)
    {
        var coarseNs = dueNs - Monotonic.NowNs - PreciseNs;
        if (coarseNs > 0) await Task.Delay(TimeSpan.FromMicroseconds(coarseNs / 1000), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (stop.IsCancellationRequested) return false;
        var signal = new DueSignal(scheduler);
        await using var registration = stop.UnsafeRegister(static signal => ((DueSignal)signal!).Wake(), signal).ConfigureAwait(false);
        while (!stop.IsCancellationRequested && Monotonic.NowNs < dueNs)
            await signal.WaitAsync(dueNs).ConfigureAwait(false);
        return !stop.IsCancellationRequested;
    }
}
