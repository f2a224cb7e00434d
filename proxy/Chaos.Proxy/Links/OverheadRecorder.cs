using HdrHistogram;

namespace Chaos.Proxy.Links;

/// <summary>
/// What the proxy itself costs on a link: time from an item's due time (its arrival, where no fault asked for more) to
/// its release.
/// </summary>
internal sealed class OverheadRecorder
{
    private const long MaxNs = 60_000_000_000;

    private readonly Lazy<Recorder> _recorder = new(() =>
        HistogramFactory.With64BitBucketSize().WithValuesUpTo(MaxNs).WithPrecisionOf(2).WithThreadSafeWrites().WithThreadSafeReads().Create());
    private HistogramBase? _recycled;

    public void Record(long ns) => _recorder.Value.RecordValue(Math.Clamp(ns, 1, MaxNs));

    /// <summary>What was recorded since the last call: items, and P50, P99 and maximum in microseconds. Null if nothing was.</summary>
    public (long Items, double P50Us, double P99Us, double MaxUs)? Take()
    {
        if (!_recorder.IsValueCreated) return null;
        var histogram = _recycled = _recorder.Value.GetIntervalHistogram(_recycled);
        if (histogram.TotalCount == 0) return null;
        return (histogram.TotalCount, histogram.GetValueAtPercentile(50) / 1e3, histogram.GetValueAtPercentile(99) / 1e3, histogram.GetMaxValue() / 1e3);
    }
}
