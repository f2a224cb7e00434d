using Chaos.Reports.Data;

namespace Chaos.Reports.Charts;

/// <summary>Distribution of the gaps before one attempt: share of clients that waited no longer, against what was declared.</summary>
internal static class BackoffChart
{
    private const int MostPoints = 120;

    public static Chart Of(AttemptGaps attempt, DeclaredBackoff? declared)
    {
        var sorted = attempt.GapsMs;
        var upper = declared?.UpperMs(attempt.Attempt);
        var right = Math.Max(sorted[^1], upper ?? 0) * 1.05;
        var observed = new List<(double, double)> { (0, 0) };
        var stride = Math.Max(1, sorted.Count / MostPoints);
        for (var i = 0; i < sorted.Count; i += stride) observed.Add((Math.Min(sorted[i], right), (i + 1) * 100.0 / sorted.Count));
        observed.Add((sorted[^1], 100));
        observed.Add((right, 100));
        var lines = new List<Line>();
        if (upper is { } u) lines.Add(new Line("declared", "declared", [[(0, 0), (u, 100), (right, 100)]], Width: 2));
        lines.Add(new Line("observed", "observed", [observed], Step: true, Width: 2));
        return new Chart($"Gaps before attempt {attempt.Attempt}", "% of gaps", 0, right, new Axis(0, 104, false, [(0, "0"), (50, "50"), (100, "100")]), lines)
        {
            XUnit = "ms",
        };
    }
}
