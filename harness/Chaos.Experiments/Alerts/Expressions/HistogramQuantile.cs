using System.Globalization;
using Chaos.Experiments.Alerts.Evaluation;

namespace Chaos.Experiments.Alerts.Expressions;

/// <summary>
/// A quantile of what a histogram counted in a window: <c>histogram_quantile(0.99, sum by (le) (increase(metric_bucket[5m])))</c>. Linear
/// within a class, as Prometheus has it (promql/quantile.go).
/// </summary>
/// <param name="Q">The quantile, 0 to 1.</param>
/// <param name="Buckets">The series of classes; its metric ends with <c>_bucket</c>.</param>
internal sealed record HistogramQuantile(double Q, Selector Buckets, TimeSpan Window, IReadOnlyList<string> Per) : Expression
{
    private readonly SumGrowth _growth = new(Buckets, Window, ["le", .. Per]);

    /// <inheritdoc />
    public override string Text => $"histogram_quantile({Number(Q)}, {_growth.Text})";

    /// <inheritdoc />
    public override IEnumerable<Selector> Selectors => [Buckets];

    /// <inheritdoc />
    public override IReadOnlyList<Sample> At(SeriesStore series, long atMs) =>
        [.. _growth.At(series, atMs).GroupBy(s => s.Labels.Only(Per)).Select(g => new Sample(g.Key, Quantile([.. g.Select(s => (Bound(s.Labels["le"]), s.Value)).OrderBy(c => c.Item1)])))];

    private double Quantile(List<(double Upper, double Count)> classes)
    {
        if (classes.Count < 2 || !double.IsPositiveInfinity(classes[^1].Upper)) return double.NaN;
        // Classes are cumulative; extrapolation can make one a little smaller than the one before it.
        for (var i = 1; i < classes.Count; i++) classes[i] = classes[i] with { Count = Math.Max(classes[i].Count, classes[i - 1].Count) };
        if (classes[^1].Count == 0) return double.NaN;
        var rank = Q * classes[^1].Count;
        var found = classes.FindIndex(c => c.Count >= rank);
        if (found < 0 || found == classes.Count - 1) return classes[^2].Upper;
        if (found == 0) return classes[0].Upper <= 0 ? classes[0].Upper : classes[0].Upper * (rank / classes[0].Count);
        var below = classes[found - 1];
        return below.Upper + ((classes[found].Upper - below.Upper) * ((rank - below.Count) / (classes[found].Count - below.Count)));
    }

    private static double Bound(string le) => le == "+Inf" ? double.PositiveInfinity : double.Parse(le, NumberStyles.Float, CultureInfo.InvariantCulture);
}
