using Chaos.Journal;
using Chaos.Journal.Events;
using Chaos.Journal.IO;

namespace Chaos.Experiments.Engine.Worlds;

/// <summary>Reads /metrics of the gateway nodes into the journal, twice a second; and what is judged of the proxy's own counters.</summary>
public sealed class MetricsSampler : IAsyncDisposable
{
    /// <summary>Time between two readings.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly World _world;
    private readonly IJournal _journal;
    private readonly Clock _clock;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _sampling;

    /// <summary>Starts reading.</summary>
    public MetricsSampler(World world, IJournal journal, Clock clock)
    {
        (_world, _journal, _clock) = (world, journal, clock);
        _sampling = Task.Run(SampleAsync);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _sampling.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task SampleAsync()
    {
        // A node that hangs keeps its own reading waiting, and nobody else's.
        var reading = new Dictionary<string, Task>(StringComparer.Ordinal);
        using var timer = new PeriodicTimer(Interval, _clock.Time);
        try
        {
            do
            {
                foreach (var gateway in _world.Gateways)
                {
                    var last = reading.GetValueOrDefault(gateway.Name, Task.CompletedTask);
                    if (!last.IsCompleted) continue;
                    await last.ConfigureAwait(false);
                    reading[gateway.Name] = SampleAsync(gateway.Name, cancel => _world.MetricsAsync(gateway, cancel));
                }

                if (_world.ReadsProxy && reading.GetValueOrDefault(World.ProxyName, Task.CompletedTask).IsCompleted)
                    reading[World.ProxyName] = SampleAsync(World.ProxyName, _world.ProxyCountsAsync);
            }
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Disposed.
        }

        await Task.WhenAll(reading.Values).ConfigureAwait(false);
    }

    private async Task SampleAsync(string part, Func<CancellationToken, Task<IReadOnlyDictionary<string, double>>> read)
    {
        try
        {
            _journal.Write(new MetricsSampled(part, await read(_stop.Token).ConfigureAwait(false)) { At = _clock.NowUs });
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !_stop.IsCancellationRequested))
        {
            // A node that does not answer is a fact about the node, and a gap in its series shows it.
            _journal.Write(new ProbeSampled($"{part}.metrics", false, null, e.Message) { At = _clock.NowUs });
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }
}
