using Chaos.Journal.Events;

namespace Chaos.Reports.Data;

/// <summary>What faults did to a simulated fleet, by timeline entry.</summary>
internal static class SimulatedHits
{
    /// <summary>Handshakes that each fault answered, and connections that it cut.</summary>
    public static IReadOnlyDictionary<string, (int Answered, int Cut)> From(ExperimentData experiment, IReadOnlySet<string> faults)
    {
        var hits = new Dictionary<string, (int Answered, int Cut)>(StringComparer.Ordinal);
        foreach (var entry in experiment.Events)
        {
            var (fault, answered, cut) = entry switch
            {
                FleetAttempts a => (a.Fault, a.Client.Length, 0),
                FleetCuts c => (c.Fault, 0, c.Client.Length),
                _ => (null, 0, 0),
            };
            if (fault is null) continue;
            var name = FaultNames.Entry(fault, faults);
            var so = hits.GetValueOrDefault(name);
            hits[name] = (so.Answered + answered, so.Cut + cut);
        }

        return hits;
    }
}
