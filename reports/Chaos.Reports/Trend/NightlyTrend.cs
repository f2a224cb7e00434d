namespace Chaos.Reports.Trend;

/// <summary>Tonight beside the nights before it.</summary>
/// <param name="Nights">The nights shown, oldest first; the last is tonight.</param>
/// <param name="Series">Every number of tonight's experiments.</param>
/// <param name="Tested">How many of them were tested.</param>
/// <param name="Flaky">Experiments whose outcome changes by itself.</param>
/// <param name="Mutants">Tonight's mutants; null when they were left out.</param>
/// <param name="Problems">What could not be read of the history.</param>
public sealed record NightlyTrend(TrendRules Rules, IReadOnlyList<Night> Nights, IReadOnlyList<TrendSeries> Series, int Tested, IReadOnlyList<FlakyExperiment> Flaky,
    IReadOnlyList<MutantTrend>? Mutants, IReadOnlyList<string> Problems)
{
    /// <summary>The night that this is about.</summary>
    public Night Tonight => Nights[^1];

    /// <summary>Numbers that are worse than chance explains.</summary>
    public IEnumerable<TrendSeries> Worse => Series.Where(s => s.Tonight is { Worse: true });

    /// <summary>Mutants that no longer die, or never did.</summary>
    public IEnumerable<MutantTrend> Survivors => (Mutants ?? []).Where(m => !m.Tonight.Killed);

    /// <summary>Compares tonight with the nights before: a pure function of them.</summary>
    /// <param name="history">The nights before, as <see cref="NightFolder.Read()"/> gives them.</param>
    public static NightlyTrend Of(NightsRead history, Night tonight, TrendRules rules)
    {
        IReadOnlyList<Night> all = [.. history.Nights.Where(n => n.Run != tonight.Run), tonight];
        var shown = all.TakeLast(rules.Nights + 1).ToList();
        var comparison = SeriesComparison.Of(all, rules);
        return new NightlyTrend(rules, shown, comparison.Shown(all.Count - shown.Count), comparison.Tested, FlakyExperiment.Among(shown), MutantTrend.Of(shown), history.Problems);
    }
}
