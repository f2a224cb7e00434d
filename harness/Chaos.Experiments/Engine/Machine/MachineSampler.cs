using Chaos.Journal;
using Chaos.Journal.Events;
using Chaos.Journal.IO;

namespace Chaos.Experiments.Engine.Machine;

/// <summary>
/// Writes into the journal, twice a second, who used the processors: this run, or others. Nothing where the machine does not
/// tell (anything but Linux).
/// </summary>
internal sealed class MachineSampler : IAsyncDisposable
{
    /// <summary>Time between two readings.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly IJournal _journal;
    private readonly Clock _clock;
    private readonly int _root;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _sampling;
    private double _idle = 1;
    private double _idleBefore = 1;

    /// <summary>Starts reading.</summary>
    /// <param name="root">The process that counts, with its descendants, as the run.</param>
    public MachineSampler(IJournal journal, Clock clock, int root)
    {
        (_journal, _clock, _root) = (journal, clock, root);
        _sampling = ProcessorTimes.AreKnown ? Task.Run(SampleAsync) : Task.CompletedTask;
    }

    /// <summary>Idle share of the processors in the last two readings, the smaller of the two; 1 for one that there was not.</summary>
    public double IdleLately => Math.Min(Volatile.Read(ref _idle), Volatile.Read(ref _idleBefore));

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _sampling.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task SampleAsync()
    {
        using var timer = new PeriodicTimer(Interval, _clock.Time);
        var before = ProcessorTimes.Read(_root);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                var now = ProcessorTimes.Read(_root);
                if (now.Total > before.Total) Take(Between(before, now) with { At = _clock.NowUs });
                before = now;
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private void Take(MachineSampled reading)
    {
        _journal.Write(reading);
        Volatile.Write(ref _idleBefore, _idle);
        Volatile.Write(ref _idle, reading.Idle);
    }

    private static MachineSampled Between(in ProcessorTimes before, in ProcessorTimes now)
    {
        var total = (double)(now.Total - before.Total);
        var programs = Math.Max(0, now.Programs - before.Programs);
        // A descendant that its parent did not wait for takes its time with it, and ticks are coarse: neither may count for others.
        var own = Math.Clamp(now.Own - before.Own, 0, programs);
        return new MachineSampled(Math.Round(own / total, 3), Math.Round((programs - own) / total, 3), Math.Round((now.Idle - before.Idle) / total, 3));
    }
}
