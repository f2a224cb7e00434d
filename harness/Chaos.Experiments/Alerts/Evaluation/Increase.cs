namespace Chaos.Experiments.Alerts.Evaluation;

/// <summary>
/// Growth of a counter over a window as Prometheus 2's <c>increase</c> has it (promql/functions.go, extrapolatedRate): from the first reading
/// in the window to the last, with falls taken for restarts, extrapolated to the edges of the window where readings come near them.
/// </summary>
internal static class Increase
{
    /// <summary>The growth; null with fewer than two readings.</summary>
    /// <param name="points">Readings in the window.</param>
    /// <param name="atMs">End of the window.</param>
    /// <param name="window">Its length.</param>
    public static double? Of(ReadOnlySpan<Point> points, long atMs, TimeSpan window)
    {
        if (points.Length < 2) return null;
        var (first, last) = (points[0], points[^1]);
        var growth = last.Value - first.Value;
        for (var i = 1; i < points.Length; i++)
        {
            if (points[i].Value < points[i - 1].Value) growth += points[i - 1].Value;
        }

        var sampled = (last.AtMs - first.AtMs) / 1000.0;
        var average = sampled / (points.Length - 1);
        var toStart = (first.AtMs - (atMs - (long)window.TotalMilliseconds)) / 1000.0;
        var toEnd = (atMs - last.AtMs) / 1000.0;
        // A counter cannot have been below 0: it is extrapolated back to there at most.
        if (growth > 0 && first.Value >= 0) toStart = Math.Min(toStart, sampled * (first.Value / growth));
        var near = average * 1.1;
        var extended = sampled + (toStart < near ? toStart : average / 2) + (toEnd < near ? toEnd : average / 2);
        return growth * (extended / sampled);
    }
}
