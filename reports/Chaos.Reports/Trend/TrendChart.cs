using Chaos.Reports.Charts;

namespace Chaos.Reports.Trend;

/// <summary>A number over the nights: dots joined by a line, from which value on it would have been flagged, and its threshold.</summary>
internal static class TrendChart
{
    // A limit farther away than this many times the values would squeeze them into a line.
    private const double Farthest = 3;

    public static Chart Of(TrendSeries series, IReadOnlyList<Night> nights)
    {
        var values = series.Points.Where(p => p.Measure.Value is not null).Select(p => (p.Night, Value: p.Measure.Value!.Value)).ToList();
        var thresholds = series.Points.Select(p => p.Measure.Threshold).OfType<double>().ToList();
        var (least, most) = (values.Min(v => v.Value), values.Max(v => v.Value));
        var limits = series.Points.Where(p => p.Limit is not null).Select(p => (p.Night, Value: p.Limit!.Value)).ToList();
        var shown = limits.Where(l => l.Value <= Farthest * Math.Max(most, 0) && l.Value >= Math.Min(least, least / Farthest)).Select(l => l.Value);
        var all = values.Select(v => v.Value).Concat(thresholds).Concat(shown).ToList();
        var unit = series.Last.Measure.Unit;
        var y = Axis.Around(all.Min(), all.Max());
        return new Chart($"{series.Key.Measure} of {series.Key.Expectation} in {series.Key.Experiment}, night by night", y.Logarithmic ? $"{unit}, logarithmic".TrimStart(',', ' ') : unit,
            -0.5, nights.Count - 0.5, y,
            [
                new Line("limit", "flagged beyond", Runs(limits), Width: 1.5),
                new Line("observed", "observed", Runs(values)) { Dots = 5 },
                .. series.Points.Any(p => p.Worse) ? new[] { new Line("worse", "flagged", [.. series.Points.Where(p => p.Worse && p.Measure.Value is not null).Select(p => new[] { ((double)p.Night, p.Measure.Value!.Value) })], Width: 0) { Dots = 9 } } : [],
            ])
        {
            XUnit = "",
            XTicks = [.. nights.Select((n, i) => ((double)i, Text.Words.Invariant($"{n.StartedAt.UtcDateTime:MM-dd}")))],
            Marks = thresholds.Count == 0 ? [] : [new Mark(-0.5, nights.Count - 0.5, thresholds[^1], TrendWords.Bound(series.Last.Measure))],
        };
    }

    // A night without the number breaks the line.
    private static List<IReadOnlyList<(double, double)>> Runs(List<(int Night, double Value)> points)
    {
        var runs = new List<IReadOnlyList<(double, double)>>();
        var run = new List<(double, double)>();
        for (var i = 0; i < points.Count; i++)
        {
            if (i > 0 && points[i].Night != points[i - 1].Night + 1) runs.Add(run = []);
            else if (i == 0) runs.Add(run);
            run.Add((points[i].Night, points[i].Value));
        }

        return runs;
    }
}
