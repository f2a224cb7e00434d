using Chaos.Journal.Verdicts;
using Chaos.Reports.Text;

namespace Chaos.Reports.Trend;

/// <summary>The sentences of a trend, the same on the page, in Markdown, in JUnit and in the terminal.</summary>
public static class TrendWords
{
    /// <summary>Sentence of a night: did it hold, and did anything get worse.</summary>
    public static string Headline(NightlyTrend trend)
    {
        var worse = trend.Worse.Count();
        var survivors = trend.Survivors.Count();
        var parts = new List<string>();
        if (survivors > 0) parts.Add($"{Words.Count(survivors, "mutant")} survived");
        if (worse > 0) parts.Add($"{Words.Count(worse, "number")} got worse");
        return (trend.Tonight.Outcome, parts.Count) switch
        {
            (Outcome.Passed, 0) => trend.Tested > 0 ? "Everything held, and nothing got worse." : "Everything held.",
            (Outcome.Passed, _) => $"Everything held, but {string.Join(", and ", parts)}.",
            (var outcome, 0) => $"The suite was {Words.Of(outcome)}.",
            (var outcome, _) => $"The suite was {Words.Of(outcome)}; {string.Join(", and ", parts)}.",
        };
    }

    /// <summary>Finding about a number that was tested: how far it is from its level, from where on it is flagged, and its threshold.</summary>
    public static string Sentence(TrendSeries series)
    {
        var m = series.Last.Measure;
        if (series.Tonight is not { } f) return $"{series.Key.Measure} is {Number(m)}, must be {Bound(m)}; not tested: {series.NotTested}";
        var change = Math.Abs(f.Change) < 0.0005 ? "as" : Words.Invariant($"{Math.Abs(f.Change) * 100:0.#} % {(f.Change > 0 ? "above" : "below")}");
        return $"{series.Key.Measure} is {Number(m)}, {change} its level of {Words.Number(f.Level, m.Unit)} on {f.Nights} nights; flagged from {Words.Number(f.Limit, m.Unit)}, must be {Bound(m)}";
    }

    /// <summary>The statistic with its error level, and where it is from.</summary>
    public static string Statistic(NightlyTrend trend) => Words.Invariant(
        $"Tonight's value against the last {trend.Rules.Nights} comparable nights at most, {TrendRules.LeastNights} at least: the same experiment under the same conditions, on the same kind of machine that others did not keep busy. One-sided prediction limit for a single further observation, on a logarithmic scale (Student's t; Hahn and Meeker, Statistical Intervals, 1991, section 4.7); its spread is that of its own nights and, as far as they are alike, of the other numbers of the same check (empirical Bayes; Smyth, 2004). Where logarithms are normal and nothing changed, 1 night in {1 / trend.Rules.Alpha:0} flags anything at all: the error level is divided by the {Words.Count(trend.Tested, "number")} tested tonight (Bonferroni). For numbers with long tails, a value must also be {TrendRules.LeastReach:0} times as far from the median as on any night before; and changes below {TrendRules.LeastChange * 100:0} % are never flagged. A flagged value is not compared with later: it stays flagged until it is back, or accepted.");

    /// <summary>An experiment whose outcome changes by itself.</summary>
    public static string Sentence(FlakyExperiment flaky) =>
        $"passed on {flaky.Passed} of {Words.Count(flaky.Ran, "night")}, and changed {(flaky.Changes == 1 ? "once" : $"{flaky.Changes} times")} while neither the tool nor the experiment did";

    /// <summary>A night's day, as in <c>2026-11-28</c>.</summary>
    public static string Day(DateTimeOffset time) => Words.Invariant($"{time.UtcDateTime:yyyy-MM-dd}");

    /// <summary>A number with its unit; "no data" where there is none.</summary>
    public static string Number(NightMeasure m) => m.Value is { } v ? Words.Number(v, m.Unit) : "no data";

    /// <summary>What it is held against.</summary>
    public static string Bound(NightMeasure m) => $"{m.Comparison} {(m.Threshold is { } t ? Words.Number(t, m.Unit) : "–")}";
}
