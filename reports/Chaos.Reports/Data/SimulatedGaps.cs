using Chaos.Journal.Fleets;

namespace Chaos.Reports.Data;

/// <summary>Gaps between the attempts of simulated clients, by the rule of <see cref="BackoffGaps"/>.</summary>
internal static class SimulatedGaps
{
    /// <summary>Adds them; none when the experiment was not simulated.</summary>
    /// <param name="link">The fleet's link.</param>
    /// <param name="inWindow">Whether a gap that begins then counts.</param>
    /// <param name="stableUs">How long a connection must have lived to reset the backoff.</param>
    /// <param name="gaps">Gaps by attempt, in milliseconds.</param>
    public static void Add(ExperimentData experiment, string? link, Func<long, bool> inWindow, double stableUs, SortedDictionary<int, List<double>> gaps)
    {
        if (FleetTable.Of(experiment.Events, link) is not { } table) return;
        var (attempts, cuts) = (new List<FleetAttempt>(), new List<FleetCut>());
        for (var client = 1; client <= table.Clients; client++)
        {
            table.Read(client, attempts, cuts);
            Walk(attempts, cuts, inWindow, stableUs, gaps);
        }
    }

    private static void Walk(List<FleetAttempt> attempts, List<FleetCut> cuts, Func<long, bool> inWindow, double stableUs, SortedDictionary<int, List<double>> gaps)
    {
        (long AfterUs, int Attempt)? waiting = null;
        var (opened, cut) = (0, 0);
        foreach (var attempt in attempts)
        {
            if (waiting is { } w && inWindow(w.AfterUs))
            {
                if (!gaps.TryGetValue(w.Attempt, out var list)) gaps[w.Attempt] = list = [];
                list.Add((attempt.ArrivedUs - w.AfterUs) / 1e3);
            }

            if (!attempt.IsOpen)
            {
                waiting = waiting is { } before ? (attempt.AnsweredUs, before.Attempt + 1) : null;
                continue;
            }

            var first = opened++ == 0;
            waiting = cut < cuts.Count && (first || cuts[cut].CutUs - attempt.AnsweredUs >= stableUs) ? (cuts[cut].CutUs, 0) : null;
            cut++;
        }
    }
}
