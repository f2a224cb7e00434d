using Chaos.Reports.JUnit;
using Chaos.Reports.Text;

namespace Chaos.Reports.Trend;

/// <summary>
/// The trend as JUnit XML: a suite an experiment with a case for each number that was tested, which fails when it got worse, and a suite
/// with a case for each mutant, which fails when it survived. What did not hold tonight is in the suite's own junit.xml.
/// </summary>
internal static class TrendJUnit
{
    public static void Write(NightlyTrend trend, Stream output)
    {
        var suites = trend.Series.GroupBy(s => s.Key.Experiment, StringComparer.Ordinal).Select(g => OfExperiment(g, trend)).Where(s => s.Cases.Count > 0).ToList();
        if (trend.Mutants is { Count: > 0 } mutants) suites.Add(Suite("mutants", [.. mutants.Select(Case)], trend));
        JUnitXml.Write("chaos trend " + trend.Tonight.Run, suites, output);
    }

    private static JUnitSuite OfExperiment(IGrouping<string, TrendSeries> series, NightlyTrend trend)
    {
        var flaky = trend.Flaky.FirstOrDefault(f => f.Id == series.Key);
        var suite = Suite("trend." + series.Key, [.. series.Where(s => s.Tonight is not null).Select(s => Case(s, trend))], trend);
        return flaky is null ? suite : suite with { Properties = [.. suite.Properties, ("flaky", TrendWords.Sentence(flaky))] };
    }

    private static JUnitSuite Suite(string name, IReadOnlyList<JUnitCase> cases, NightlyTrend trend) =>
        new(name, 0, null, [("seed", Words.Invariant($"{trend.Tonight.Seed}")), ("command", trend.Tonight.Command)], cases);

    private static JUnitCase Case(TrendSeries series, NightlyTrend trend)
    {
        var name = $"{series.Key.Expectation}: {series.Key.Measure}";
        return series.Tonight is { Worse: true }
            ? new JUnitCase(name, JUnitResult.Failure, 0, TrendWords.Sentence(series), "worse", TrendWords.Statistic(trend)) : new JUnitCase(name, JUnitResult.Ok);
    }

    private static JUnitCase Case(MutantTrend mutant)
    {
        var name = $"{mutant.Tonight.Experiment}: {mutant.Tonight.Name}";
        return mutant.Tonight.Killed ? new JUnitCase(name, JUnitResult.Ok)
            : new JUnitCase(name, JUnitResult.Failure, 0, $"{mutant.Tonight.KilledBy} did not break: {mutant.Tonight.Sentence}", "survived", $"The experiment was {mutant.Tonight.Verdict}; killed on {mutant.Killed} of {Words.Count(mutant.Ran, "night")}.");
    }
}
