using Chaos.Journal.Events;

namespace Chaos.Reports.Data;

/// <summary>How many clients were connected, and what they did about it, over time.</summary>
/// <param name="Connected">Second and number of clients connected from then on, thinned to what can be seen.</param>
/// <param name="Attempts">Connection attempts a bin.</param>
/// <param name="Connects">Connect replies a bin.</param>
/// <param name="Losses">Established connections that ended, a bin.</param>
/// <param name="Clients">Clients seen in all.</param>
/// <param name="Reconnects">Connects of a client after its first.</param>
/// <param name="Resumed">Reconnects that restored a session.</param>
internal sealed record ConnectionSeries(Bins Bins, IReadOnlyList<(double Second, int Count)> Connected, double[] Attempts, double[] Connects, double[] Losses,
    int Clients, long TotalAttempts, long Reconnects, long Resumed, long TotalLosses, int LeastAfterFull)
{
    public static ConnectionSeries From(ExperimentData experiment)
    {
        if (SimulatedConnections.From(experiment) is { } simulated) return simulated;
        var line = experiment.Timeline;
        var bins = Bins.Over(line.Seconds);
        double[] attempts = new double[bins.Count], connects = new double[bins.Count], losses = new double[bins.Count];
        var up = new Dictionary<string, bool>(StringComparer.Ordinal);
        var steps = new List<(double, int)> { (0, 0) };
        long reconnects = 0, resumed = 0, lost = 0, tried = 0;
        int now = 0, most = 0, least = 0;
        foreach (var entry in experiment.Events)
        {
            var second = line.SecondsAt(entry.At);
            var index = bins.IndexOf(second);
            // The last bin may reach beyond the end, where the fleet leaves.
            if (index < 0 || second > line.Seconds) continue;
            switch (entry)
            {
                case ClientAttempt:
                    attempts[index]++;
                    tried++;
                    break;
                case ClientConnected c:
                    if (up.TryGetValue(c.Client, out var was))
                    {
                        reconnects++;
                        if (c.Resumed) resumed++;
                    }

                    up[c.Client] = true;
                    connects[index]++;
                    if (!was) steps.Add((second, ++now));
                    if (now > most) (most, least) = (now, now);
                    break;
                case ClientDisconnected d when up.GetValueOrDefault(d.Client):
                    up[d.Client] = false;
                    losses[index]++;
                    lost++;
                    steps.Add((second, --now));
                    least = Math.Min(least, now);
                    break;
                default:
                    break;
            }
        }

        steps.Add((line.Seconds, now));
        return new ConnectionSeries(bins, Thin(steps, bins), attempts, connects, losses, up.Count, tried, reconnects, resumed, lost, least);
    }

    // Of each bin: first, least, most and last. No dip is lost, however short.
    internal static List<(double Second, int Count)> Thin(List<(double Second, int Count)> steps, Bins bins)
    {
        var thinned = new List<(double, int)>();
        foreach (var group in steps.Select((s, i) => (s.Second, s.Count, Order: i)).GroupBy(s => (int)(s.Second / bins.WidthSeconds)))
        {
            var inBin = group.ToList();
            var keep = new[] { inBin[0], inBin.MinBy(s => s.Count), inBin.MaxBy(s => s.Count), inBin[^1] };
            thinned.AddRange(keep.DistinctBy(s => s.Order).OrderBy(s => s.Order).Select(s => (s.Second, s.Count)));
        }

        return thinned;
    }
}
