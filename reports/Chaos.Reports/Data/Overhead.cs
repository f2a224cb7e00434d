using Chaos.Journal.Events;

namespace Chaos.Reports.Data;

/// <summary>
/// What the proxy itself cost on a link, from its figures of each second: the median second's p50, the worst second's p99 (percentiles
/// of different seconds cannot be added up), microseconds.
/// </summary>
internal sealed record OverheadRow(string Link, long Items, int MostOpen, double MedianP50Us, double MedianP99Us, double WorstP99Us, double MaxUs)
{
    public static IReadOnlyList<OverheadRow> From(ExperimentData experiment) =>
    [
        .. experiment.Events.OfType<LedgerOverhead>().Where(e => e.Items > 0).GroupBy(e => e.Link).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new OverheadRow(g.Key, g.Sum(e => e.Items), g.Max(e => e.Open), Median(g, e => e.P50Us), Median(g, e => e.P99Us),
                g.Max(e => e.P99Us), g.Max(e => e.MaxUs))),
    ];

    private static double Median(IEnumerable<LedgerOverhead> seconds, Func<LedgerOverhead, double> us)
    {
        var values = seconds.Select(us).ToList();
        values.Sort();
        return Percentiles.Of(values, .5);
    }
}
