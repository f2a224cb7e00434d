using Chaos.Journal.Events;

namespace Chaos.Reports.Data;

/// <summary>The connections of a simulated fleet over time. Ten million rows are counted into fine bins, not kept.</summary>
internal static class SimulatedConnections
{
    /// <summary>Fine bins for each bin of the chart: more than its pixels can show.</summary>
    private const int Fineness = 40;

    /// <summary>Null when the experiment was not simulated.</summary>
    public static ConnectionSeries? From(ExperimentData experiment)
    {
        if (!experiment.Events.Any(e => e is FleetAttempts)) return null;
        var line = experiment.Timeline;
        var bins = Bins.Over(line.Seconds);
        var fine = new Bins(bins.WidthSeconds / Fineness, bins.Count * Fineness);
        double[] attempts = new double[bins.Count], connects = new double[bins.Count], losses = new double[bins.Count];
        var change = new int[fine.Count];
        var seen = new HashSet<int>();
        long tried = 0, reconnects = 0, lost = 0;
        foreach (var entry in experiment.Events)
        {
            switch (entry)
            {
                case FleetAttempts many:
                    for (var row = 0; row < many.Client.Length; row++) Attempt(many.Row(row));
                    break;
                case FleetCuts many:
                    for (var row = 0; row < many.Client.Length; row++) Loss(many.Row(row).HeardUs);
                    break;
                default:
                    break;
            }
        }

        var steps = Steps(change, fine, line.Seconds);
        var most = steps.Max(s => s.Count);
        var full = steps.FindIndex(s => s.Count == most);
        return new ConnectionSeries(bins, ConnectionSeries.Thin(steps, bins), attempts, connects, losses, seen.Count, tried, reconnects, 0, lost, steps.Skip(full).Min(s => s.Count));

        void Attempt(Chaos.Journal.Fleets.FleetAttempt attempt)
        {
            if (bins.IndexOf(line.SecondsAt(attempt.DialledUs)) is >= 0 and var dialled) attempts[dialled]++;
            tried++;
            if (!attempt.IsOpen || attempt.HeardUs is not { } heard || bins.IndexOf(line.SecondsAt(heard)) is not (>= 0 and var connected)) return;
            connects[connected]++;
            if (!seen.Add(attempt.Client)) reconnects++;
            if (fine.IndexOf(line.SecondsAt(heard)) is >= 0 and var at) change[at]++;
        }

        void Loss(long heard)
        {
            if (bins.IndexOf(line.SecondsAt(heard)) is not (>= 0 and var index)) return;
            losses[index]++;
            lost++;
            if (fine.IndexOf(line.SecondsAt(heard)) is >= 0 and var at) change[at]--;
        }
    }

    private static List<(double Second, int Count)> Steps(int[] change, Bins fine, double seconds)
    {
        var steps = new List<(double, int)> { (0, 0) };
        var now = 0;
        for (var i = 0; i < change.Length; i++)
        {
            if (change[i] == 0) continue;
            now += change[i];
            steps.Add((fine.Start(i), now));
        }

        steps.Add((seconds, now));
        return steps;
    }
}
