namespace Chaos.Reports.Trend;

/// <summary>A mutant under one experiment, over the nights.</summary>
/// <param name="Tonight">What became of it tonight.</param>
/// <param name="Ran">Nights on which it ran, tonight among them.</param>
/// <param name="Killed">On how many of them it was killed.</param>
public sealed record MutantTrend(NightMutant Tonight, int Ran, int Killed)
{
    /// <summary>Tonight's mutants; null when they were left out.</summary>
    /// <param name="nights">Nights, oldest first; the last is tonight.</param>
    public static IReadOnlyList<MutantTrend>? Of(IReadOnlyList<Night> nights)
    {
        var all = nights.SelectMany(n => n.Mutants ?? []).ToLookup(m => (m.Name, m.Experiment));
        return nights[^1].Mutants?.Select(m => new MutantTrend(m, all[(m.Name, m.Experiment)].Count(), all[(m.Name, m.Experiment)].Count(o => o.Killed))).ToList();
    }
}
