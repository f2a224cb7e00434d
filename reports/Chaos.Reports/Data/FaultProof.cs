using Chaos.Journal.Events;

namespace Chaos.Reports.Data;

/// <summary>What the ledger says a fault did to traffic.</summary>
/// <param name="Hits">As the judge counted them; null if it did not.</param>
/// <param name="Rolled">Connections for which the fault rolled whether to take hold.</param>
/// <param name="RolledHit">Of these, how many it took.</param>
/// <param name="Connections">Connections it acted on or ended; of a fault on a node, those that the node's process had.</param>
/// <param name="Items">Items (chunks, frames, handshakes, connections) it acted on.</param>
/// <param name="Ended">Connections that ended because of it.</param>
internal sealed record FaultProof(string Fault, string Type, string Link, int Occurrences, double SecondsOn, long? Hits, int Rolled, int RolledHit,
    int Connections, long Items, int Ended, bool NeverRemoved, int Undone)
{
    public static IReadOnlyList<FaultProof> From(ExperimentData experiment)
    {
        var bands = experiment.Timeline.Faults.ToLookup(b => b.Fault, StringComparer.Ordinal);
        var names = experiment.Timeline.FaultNames.Union(experiment.Verdict.FaultHits.Keys, StringComparer.Ordinal).ToList();
        var known = names.ToHashSet(StringComparer.Ordinal);
        var injected = experiment.Events.OfType<LedgerInjected>().ToLookup(e => FaultNames.Entry(e.Fault, known), StringComparer.Ordinal);
        var closed = experiment.Events.OfType<LedgerClosed>().Where(e => e.Fault is not null).ToLookup(e => FaultNames.Entry(e.Fault!, known), StringComparer.Ordinal);
        var rolls = experiment.Events.OfType<LedgerRoll>().ToLookup(e => FaultNames.Entry(e.Fault, known), StringComparer.Ordinal);
        var left = experiment.Events.OfType<NodeLeft>().ToLookup(e => e.Fault, e => e.Sessions, StringComparer.Ordinal);
        var held = experiment.Events.OfType<NodeHeld>().ToLookup(e => e.Fault, e => e.Sessions, StringComparer.Ordinal);
        var clocks = experiment.Events.OfType<NodeClock>().Where(e => e.OffsetMs != 0).ToLookup(e => e.Fault, e => e.Sessions, StringComparer.Ordinal);
        var rows = SimulatedHits.From(experiment, known);
        return
        [
            .. names.Select(name =>
            {
                var on = bands[name].ToList();
                var hit = injected[name].Select(i => (i.Link, i.Conn)).Concat(closed[name].Select(c => (c.Link, c.Conn))).Distinct().Count();
                var simulated = rows.GetValueOrDefault(name);
                return new FaultProof(name, on.FirstOrDefault()?.Type ?? "", on.FirstOrDefault()?.Link ?? "", on.Count, on.Sum(b => b.To - b.From),
                    experiment.Verdict.FaultHits.TryGetValue(name, out var hits) ? hits : null, rolls[name].Count(), rolls[name].Count(r => r.Hit), hit + left[name].Sum() + held[name].Sum() + clocks[name].Sum() + simulated.Answered + simulated.Cut,
                    injected[name].LongCount() + simulated.Answered, closed[name].Count() + left[name].Sum() + simulated.Cut, on.Any(b => b.OffReason is null), on.Count(b => b.OffReason == "undo"));
            }),
        ];
    }
}

/// <summary>The ledger may name each occurrence of a repeated fault by the entry's name and a number after a mark.</summary>
internal static class FaultNames
{
    /// <summary>The timeline entry behind a name in the ledger; the name itself if there is none.</summary>
    public static string Entry(string ledgerName, IReadOnlySet<string> entries)
    {
        if (entries.Contains(ledgerName)) return ledgerName;
        var end = ledgerName.Length;
        while (end > 0 && char.IsAsciiDigit(ledgerName[end - 1])) end--;
        while (end > 0 && !char.IsLetterOrDigit(ledgerName[end - 1])) end--;
        var stem = ledgerName[..end];
        return end > 0 && end < ledgerName.Length && entries.Contains(stem) ? stem : ledgerName;
    }
}
