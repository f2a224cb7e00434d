using Chaos.Live.State;
using HdrHistogram;

namespace Chaos.Live.Fold;

/// <summary>Latencies second by second: percentiles of the last seconds, and of each second.</summary>
/// <param name="name">What is measured.</param>
/// <param name="seconds">The experiment's seconds.</param>
internal sealed class Latencies(string name, Seconds seconds)
{
    // Lines come in batches, a fraction of a second late. What is later than this is old news.
    private const int OpenSeconds = Seconds.Window + 3;
    private const long LongestUs = 600_000_000;

    private readonly SortedDictionary<int, LongHistogram> _open = [];
    private readonly List<(double P50, double P99)?> _closed = [];

    /// <summary>Whether anything was measured yet.</summary>
    public bool Any => _open.Count > 0 || _closed.Count > 0;

    /// <param name="atUs">When it was over.</param>
    /// <param name="us">How long it took.</param>
    public void Add(long atUs, long us)
    {
        var second = seconds.Of(atUs);
        if (second < _closed.Count) return;
        if (!_open.TryGetValue(second, out var histogram)) _open[second] = histogram = new LongHistogram(LongestUs, 2);
        histogram.RecordValue(Math.Clamp(us, 1, LongestUs));
    }

    public LatencyView View(long nowUs)
    {
        Close(nowUs);
        var now = seconds.Of(nowUs);
        var sum = new LongHistogram(LongestUs, 2);
        foreach (var (second, histogram) in _open)
        {
            if (second > now - Seconds.Window && second <= now) sum.Add(histogram);
        }

        return sum.TotalCount == 0 ? new LatencyView(name, null, null, null, 0) : new LatencyView(name, Ms(sum, 50), Ms(sum, 95), Ms(sum, 99), sum.TotalCount);
    }

    /// <summary>One percentile of each second up to now.</summary>
    public IReadOnlyList<double?> Series(long nowUs, Func<(double P50, double P99), double> which)
    {
        Close(nowUs);
        return [.. Enumerable.Range(0, seconds.Of(nowUs) + 1).Select(s => Of(s) is { } p ? which(p) : (double?)null)];
    }

    private (double P50, double P99)? Of(int second) =>
        second < _closed.Count ? _closed[second] : _open.TryGetValue(second, out var histogram) ? (Ms(histogram, 50), Ms(histogram, 99)) : null;

    private void Close(long nowUs)
    {
        for (var last = seconds.Of(nowUs) - OpenSeconds; _closed.Count <= last;)
        {
            var second = _closed.Count;
            _closed.Add(Of(second));
            _open.Remove(second);
        }
    }

    private static double Ms(LongHistogram histogram, double percentile) => histogram.GetValueAtPercentile(percentile) / 1000.0;
}
