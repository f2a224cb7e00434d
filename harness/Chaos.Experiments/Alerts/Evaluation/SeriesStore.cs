using Chaos.Experiments.Alerts.Expressions;

namespace Chaos.Experiments.Alerts.Evaluation;

/// <summary>One reading. NaN with <see cref="IsStale"/> says that the series ended here.</summary>
internal readonly record struct Point(long AtMs, double Value, bool IsStale = false);

/// <summary>One series of readings in order of time.</summary>
internal sealed class Series(string metric, LabelSet labels, IReadOnlyList<Point> points)
{
    /// <summary>How far back a reading counts for now, as in Prometheus.</summary>
    private static readonly TimeSpan Lookback = TimeSpan.FromMinutes(5);

    private readonly Point[] _points = [.. points];
    private readonly Point[] _values = [.. points.Where(p => !p.IsStale)];

    /// <summary>Name of the metric.</summary>
    public string Metric => metric;

    /// <summary>Its labels.</summary>
    public LabelSet Labels => labels;

    /// <summary>Its readings, ends among them.</summary>
    public IReadOnlyList<Point> Points => _points;

    /// <summary>What it shows at a moment: the last reading of the five minutes before it; null when there is none, or the series has ended.</summary>
    public double? ValueAt(long atMs)
    {
        var after = FirstAfter(_points, atMs);
        if (after == 0) return null;
        var last = _points[after - 1];
        return last.IsStale || last.AtMs < atMs - (long)Lookback.TotalMilliseconds ? null : last.Value;
    }

    /// <summary>The readings of a window that ends at a moment, both ends included.</summary>
    public ReadOnlySpan<Point> Within(long atMs, TimeSpan window)
    {
        var from = FirstAfter(_values, atMs - (long)window.TotalMilliseconds - 1);
        return _values.AsSpan(from, FirstAfter(_values, atMs) - from);
    }

    private static int FirstAfter(Point[] points, long atMs)
    {
        var (low, high) = (0, points.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (points[middle].AtMs <= atMs) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}

/// <summary>Series by metric.</summary>
internal sealed class SeriesStore(IEnumerable<Series> series)
{
    private readonly ILookup<string, Series> _byMetric = series.ToLookup(s => s.Metric, StringComparer.Ordinal);

    /// <summary>All of them.</summary>
    public IEnumerable<Series> All => _byMetric.SelectMany(g => g);

    /// <summary>Those that a selector chooses.</summary>
    public IEnumerable<Series> Of(Selector selector) => _byMetric[selector.Metric].Where(s => selector.Accepts(s.Metric, s.Labels));
}
