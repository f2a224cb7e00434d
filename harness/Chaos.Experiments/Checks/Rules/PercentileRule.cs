using Chaos.Experiments.Statistics;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Checks.Rules;

/// <summary>
/// How a percentile is judged against its budget, by its distribution-free 99 % interval: met when the whole of it is within the
/// budget, broken when the whole of it is above, inconclusive when the budget lies inside. So a percentile that is truly at its
/// budget or above is met in at most 1 run of 200, and one that is truly at its budget or below is broken in at most 1 of 200;
/// a check of several percentiles needs all of them to be met, and its false alarms add up.
/// </summary>
internal static class PercentileRule
{
    /// <summary>Probability of either error for one percentile: one end of the interval.</summary>
    public const double Alpha = 0.005;

    /// <summary>What was found.</summary>
    /// <param name="Value">The percentile of the sample.</param>
    /// <param name="Interval">Its interval.</param>
    internal readonly record struct Decision(double Value, Interval Interval, ExpectationOutcome Outcome);

    /// <summary>Confidence of the interval.</summary>
    public static double Confidence => 1 - 2 * Alpha;

    /// <summary>Judges.</summary>
    /// <param name="sorted">Observations in ascending order, at least one; infinite for what never came.</param>
    /// <param name="p">Such as 0.99.</param>
    /// <param name="budget">In the unit of the sample.</param>
    public static Decision Judge(IReadOnlyList<double> sorted, double p, double budget)
    {
        var interval = Quantiles.IntervalOf(sorted, p, Confidence);
        var outcome = interval.Low > budget ? ExpectationOutcome.Broken : interval.High > budget ? ExpectationOutcome.Inconclusive : ExpectationOutcome.Met;
        return new Decision(Quantiles.Of(sorted, p), interval, outcome);
    }
}
