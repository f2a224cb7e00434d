namespace Chaos.Load.Fleets;

/// <summary>How a fleet that lives in this process comes up: not all at once.</summary>
internal static class OpeningDials
{
    /// <summary>
    /// Dials that wait for their first outcome at the same time: enough for 500 clients in a few seconds, and few enough that
    /// start-up is no connection storm.
    /// </summary>
    private const int InFlight = 50;

    /// <summary>Starts every client, and waits until all are live or <paramref name="timeout"/> has passed.</summary>
    /// <param name="core">Their record.</param>
    /// <param name="start">Starts the client of a number.</param>
    /// <param name="time">The fleet's clock.</param>
    /// <param name="timeout">Longest wait.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>True when all are live.</returns>
    public static async Task<bool> StartAllAsync(FleetCore core, Action<int> start, TimeProvider time, TimeSpan timeout, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        using var gate = new SemaphoreSlim(InFlight);
        using var deadline = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancel);
        await Task.WhenAll(Enumerable.Range(0, core.Recorder.Clients.Count).Select(index => DialAsync(core, index, start, gate, either.Token))).ConfigureAwait(false);
        cancel.ThrowIfCancellationRequested();
        var left = timeout - time.GetElapsedTime(began);
        return await core.WaitLiveAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, () => false, cancel).ConfigureAwait(false);
    }

    /// <summary>Starts one client when its turn comes; it keeps its turn until its first outcome.</summary>
    private static async Task DialAsync(FleetCore core, int index, Action<int> start, SemaphoreSlim gate, CancellationToken cancel)
    {
        try
        {
            await gate.WaitAsync(cancel).ConfigureAwait(false);
            start(index);
            await core.Recorder.Clients[index].FirstOutcome.WaitAsync(cancel).ConfigureAwait(false);
            gate.Release();
        }
        catch (OperationCanceledException)
        {
            // Out of time or told to stop: the caller sees which.
        }
    }
}
