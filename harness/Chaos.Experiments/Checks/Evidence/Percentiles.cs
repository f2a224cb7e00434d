using Chaos.Experiments.Checks.Rules;
using Chaos.Experiments.Statistics;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Checks.Evidence;

/// <summary>A percentile with its budget.</summary>
/// <param name="Name">Such as "p99".</param>
/// <param name="P">Such as 0.99.</param>
internal sealed record PercentileBudget(string Name, double P, double BudgetMs);

/// <summary>Judges percentiles against budgets, each by <see cref="PercentileRule"/>; the worst outcome of them is that of the check.</summary>
internal static class Percentiles
{
    /// <summary>The statistic in words.</summary>
    public const string Statistic = "percentile with its distribution-free 99 % interval (order statistics)";

    /// <summary>Judges.</summary>
    /// <param name="what">What was timed, such as "publish to delivered".</param>
    /// <param name="valuesMs">Times in milliseconds; infinite for what never came.</param>
    public static Finding Judge(string what, IEnumerable<double> valuesMs, IReadOnlyList<PercentileBudget> budgets, int minSamples)
    {
        if (budgets.Count == 0) throw new InvalidOperationException("No budget is given: set one of the percentiles.");
        var sorted = valuesMs.Order().ToArray();
        if (sorted.Length < Math.Max(minSamples, 1))
            return Finding.Inconclusive($"{what}: only {sorted.Length} samples, {minSamples} are needed");
        var never = sorted.Count(double.IsPositiveInfinity);
        var measures = new List<Measure>();
        var outcome = ExpectationOutcome.Met;
        var parts = new List<string>();
        foreach (var budget in budgets)
        {
            var (value, interval, one) = PercentileRule.Judge(sorted, budget.P, budget.BudgetMs);
            if (one == ExpectationOutcome.Broken || outcome == ExpectationOutcome.Met) outcome = one;
            measures.Add(new Measure(budget.Name, value, budget.BudgetMs, "ms", sorted.Length, one == ExpectationOutcome.Met, Low: interval.Low, High: interval.High));
            parts.Add(Describe(budget, value, interval, one, sorted));
        }

        var sentence = $"{what}: {string.Join("; ", parts)} (N = {sorted.Length}{(never > 0 ? $", {never} of them never came" : "")})";
        return new Finding(outcome, sentence, measures, Statistic);
    }

    private static string Describe(PercentileBudget budget, double value, Interval interval, ExpectationOutcome outcome, double[] sorted)
    {
        if (outcome != ExpectationOutcome.Inconclusive)
            return $"{budget.Name} is {Text(value)} with {(outcome == ExpectationOutcome.Met ? $"an upper end of {Text(interval.High)}" : $"a lower end of {Text(interval.Low)}")}, budget {budget.BudgetMs:0.##} ms";
        var above = (double)sorted.Count(v => v > budget.BudgetMs) / sorted.Length;
        var needed = Quantiles.SampleThatDecides(above, budget.P, PercentileRule.Confidence);
        var advice = needed is { } n && n > sorted.Length ? $"about {n} samples would decide" : "it is too close to the budget to decide";
        return $"{budget.Name} is {Text(value)} but its interval reaches {(value > budget.BudgetMs ? $"down to {Text(interval.Low)}, under" : $"{Text(interval.High)}, over")} the budget of {budget.BudgetMs:0.##} ms: {advice}";
    }

    private static string Text(double ms) => double.IsInfinity(ms) ? "without bound" : $"{ms:0.##} ms";
}
