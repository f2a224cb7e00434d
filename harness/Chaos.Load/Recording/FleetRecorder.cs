using Chaos.Journal;
using Chaos.Journal.Events;
using Chaos.Journal.IO;
using Chaos.Load.Fleets;
using HdrHistogram;

namespace Chaos.Load.Recording;

/// <summary>What the clients of a fleet did: their events into the journal, and the live figures.</summary>
internal sealed class FleetRecorder : IAsyncDisposable
{
    /// <summary>A batch leaves when the next round after this finds it, so none is older than twice this.</summary>
    private static readonly TimeSpan FlushEvery = TimeSpan.FromMilliseconds(100);

    private const long LongestUs = 3_600_000_000;

    private readonly string _experiment;
    private readonly IJournal _journal;
    private readonly Clock _clock;
    private readonly List<ClientRecord> _all = [];
    private readonly Recorder _latency = HistogramFactory.With64BitBucketSize().WithValuesUpTo(LongestUs).WithPrecisionOf(3)
        .WithThreadSafeWrites().WithThreadSafeReads().Create();
    private readonly Lock _snapshotLock = new();
    private readonly CancellationTokenSource _stopped = new();
    private readonly Task _flushing;
    private HistogramBase? _interval;
    private long _attempts, _delivered, _acked, _publishErrors;

    public FleetRecorder(FleetSpec spec, IReadOnlyList<string> clients, IReadOnlyList<string> backstage)
    {
        (_experiment, _journal, _clock) = (spec.Experiment, spec.Journal, spec.Clock);
        Clients = [.. clients.Select(name => new ClientRecord(name, this))];
        Backstage = [.. backstage.Select(name => new ClientRecord(name, this, backstage: true))];
        _all = [.. Clients, .. Backstage];
        _flushing = FlushAsync();
    }

    /// <summary>The clients under test.</summary>
    public IReadOnlyList<ClientRecord> Clients { get; }

    /// <summary>Publishers that are none of them.</summary>
    public IReadOnlyList<ClientRecord> Backstage { get; }

    public long NowUs => _clock.NowUs;

    public void Write(JournalEvent entry) => _journal.Write(entry with { X = _experiment, At = entry.At == 0 ? NowUs : entry.At });

    public void CountAttempt() => Interlocked.Increment(ref _attempts);

    public void CountAcked() => Interlocked.Increment(ref _acked);

    public void CountPublishError() => Interlocked.Increment(ref _publishErrors);

    public void CountDelivered(ReadOnlySpan<long> us)
    {
        Interlocked.Add(ref _delivered, us.Length);
        foreach (var latency in us) _latency.RecordValue(Math.Clamp(latency, 0, LongestUs));
    }

    public FleetSnapshot Snapshot()
    {
        double p50 = 0, p99 = 0;
        lock (_snapshotLock)
        {
            // The one before is filled again: one is larger than what the collector moves, and new ones made it stop the clients for 40 to 90 ms every few seconds.
            var interval = _interval = _latency.GetIntervalHistogram(_interval);
            if (interval.TotalCount > 0)
            {
                p50 = interval.GetValueAtPercentile(50) / 1000.0;
                p99 = interval.GetValueAtPercentile(99) / 1000.0;
            }
        }

        return new FleetSnapshot(Clients.Count, Clients.Count(c => c.IsConnected), Clients.Count(c => c.IsTerminal), Interlocked.Read(ref _attempts),
            Interlocked.Read(ref _delivered), Interlocked.Read(ref _acked), Interlocked.Read(ref _publishErrors), p50, p99);
    }

    /// <summary>Writes every open batch.</summary>
    public void Flush()
    {
        foreach (var client in _all) client.Flush(long.MaxValue);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync().ConfigureAwait(false);
        await _flushing.ConfigureAwait(false);
        Flush();
        _stopped.Dispose();
    }

    private async Task FlushAsync()
    {
        using var timer = new PeriodicTimer(FlushEvery, _clock.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopped.Token).ConfigureAwait(false))
            {
                var beganAt = NowUs - (FlushEvery.Ticks / TimeSpan.TicksPerMicrosecond);
                foreach (var client in _all) client.Flush(beganAt);
            }
        }
        catch (OperationCanceledException) when (_stopped.IsCancellationRequested)
        {
            // Disposed: the rest is flushed there.
        }
    }
}
