using HdrHistogram;

namespace Chaos.Benchmarks.Load;

/// <summary>Collects durations on a few threads without locks between them: a histogram for each connection would fill the caches.</summary>
internal sealed class ThreadHistograms : IDisposable
{
    private readonly ThreadLocal<LongHistogram> _own = new(Tally.CreateHistogram, trackAllValues: true);

    public void Record(long ns) => _own.Value!.RecordValue(Math.Max(1, ns));

    /// <summary>Adds all that was recorded to another histogram, and forgets it. Nobody may record meanwhile.</summary>
    public void MoveTo(LongHistogram all)
    {
        foreach (var histogram in _own.Values)
        {
            all.Add(histogram);
            histogram.Reset();
        }
    }

    public void Dispose() => _own.Dispose();
}
