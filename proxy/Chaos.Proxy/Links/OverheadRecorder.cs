using HdrHistogram;

namespace Chaos.Proxy.Links;

/// <summary>
/// What the proxy itself costs on a link: time from an item's due time (its arrival, where no fault asked for more) to
/// its release.
/// </summary>
internal sealed class OverheadRecorder
{
    private const long MaxNs = 60_000_000_000;
    private const int Digits = 2;

    // A plain histogram under a lock: the library's concurrent recorder allocates for each value.
    private readonly Lock _gate = new();
    private LongHistogram? _recording;
    private LongHistogram? _idle;

    public void Record(long ns)
    {
        lock (_gate)
            (_recording ??= new LongHistogram(1, MaxNs, Digits)).RecordValue(Math.Clamp(ns, 1, MaxNs));
    }

    /// <summary>What was recorded since the last call: items, and P50, P99 and maximum in microseconds. Null if nothing was.</summary>
    /// <remarks>For one reader.</remarks>
    public (long Items, double P50Us, double P99Us, double MaxUs)? Take()
    {
        LongHistogram taken;
        lock (_gate)
        {
            if (_recording is null || _recording.TotalCount == 0) return null;
            taken = _recording;
            _recording = _idle;
        }
        var result = (taken.TotalCount, taken.GetValueAtPercentile(50) / 1e3, taken.GetValueAtPercentile(99) / 1e3, taken.GetMaxValue() / 1e3);
        taken.Reset();
        _idle = taken;
        return result;
    }
}
