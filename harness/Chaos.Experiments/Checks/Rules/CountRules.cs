using Chaos.Experiments.Statistics;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Checks.Rules;

/// <summary>
/// Counts of what must not happen. One case is one too many, so an honest system never breaks these; the rule of three says how
/// rare a defect may be and stay unseen, and is wrong in at most 1 run of 20.
/// </summary>
internal static class CountRules
{
    /// <summary>Probability that a bound is below the true rate.</summary>
    public const double BoundAlpha = 0.05;

    /// <summary>A share that may be above 0: probability of a false alarm when the true share is the limit itself.</summary>
    public const double ShareAlpha = 0.005;

    /// <summary>A count with what it says of the rate.</summary>
    /// <param name="Ok">Whether it is within its limit.</param>
    /// <param name="Bound">Upper bound of the rate with 95 % confidence, 0..1.</param>
    internal readonly record struct Count(bool Ok, double Bound);

    /// <summary>A share with its exact 99 % interval.</summary>
    internal readonly record struct Share(double Value, Interval Interval, ExpectationOutcome Outcome);

    /// <summary>Losses, gaps, duplicates: at most <paramref name="max"/> in all.</summary>
    /// <param name="defects">How many there were.</param>
    /// <param name="cases">Among how many, at least 1.</param>
    /// <param name="max">How many there may be.</param>
    public static Count AtMost(long defects, long cases, double max) => new(defects <= max, Proportions.UpperBound(Math.Min(defects, cases), cases));

    /// <summary>
    /// Refusals: broken when the whole interval is above the limit, met when the share itself is within, inconclusive between. With a
    /// limit of 0 one is enough to break it.
    /// </summary>
    public static Share Within(long cases, long all, double max)
    {
        var share = (double)cases / all;
        var interval = Proportions.ClopperPearson(cases, all, 1 - 2 * ShareAlpha);
        return new Share(share, interval, interval.Low > max ? ExpectationOutcome.Broken : share > max ? ExpectationOutcome.Inconclusive : ExpectationOutcome.Met);
    }
}
