using Chaos.Reports.Data;

namespace Chaos.Reports.Charts;

/// <summary>Clients connected, and attempts, connects and losses, over time.</summary>
internal static class ConnectionCharts
{
    public static Chart Connected(ExperimentData experiment, ConnectionSeries series) =>
        new($"Clients connected in {experiment.Verdict.Id} over time", "clients connected", 0, experiment.Timeline.Seconds,
            Axis.Linear(series.Connected.Max(p => p.Count)),
            [new Line("connected", "connected", [[.. series.Connected.Select(p => (p.Second, (double)p.Count))]], Step: true, Filled: true)])
        {
            Phases = experiment.Timeline.Phases,
            Faults = experiment.Timeline.Faults,
        };

    public static Chart Events(ExperimentData experiment, ConnectionSeries series) =>
        new($"Connection attempts, connects and losses of {experiment.Verdict.Id} over time", $"per {Text.Words.Number(series.Bins.WidthSeconds)} s", 0, experiment.Timeline.Seconds,
            Axis.Linear(series.Attempts.Concat(series.Connects).Concat(series.Losses).Max()),
            [.. new[]
            {
                Steps("attempts", series.Attempts, experiment, series.Bins, filled: true),
                Steps("connects", series.Connects, experiment, series.Bins),
                Steps("losses", series.Losses, experiment, series.Bins),
            }.OfType<Line>()])
        {
            Phases = experiment.Timeline.Phases,
            Faults = experiment.Timeline.Faults,
        };

    // Null when nothing happened; a point only where the count changes, since most bins of most runs are empty.
    private static Line? Steps(string name, double[] counts, ExperimentData experiment, Bins bins, bool filled = false)
    {
        if (counts.All(c => c == 0)) return null;
        var points = new List<(double, double)>();
        for (var i = 0; i < counts.Length; i++)
        {
            if (i == 0 || counts[i] != counts[i - 1]) points.Add((bins.Start(i), counts[i]));
        }

        points.Add((experiment.Timeline.Seconds, counts[^1]));
        return new Line(name, name, [points], Step: true, Filled: filled, Width: 1.5);
    }
}
