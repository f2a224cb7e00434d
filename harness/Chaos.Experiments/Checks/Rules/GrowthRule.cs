using Chaos.Experiments.Statistics;

namespace Chaos.Experiments.Checks.Rules;

/// <summary>
/// How a growth of medians is told from the declared one. The median of 300 uniform gaps has a standard error of 6 %, so the
/// ratio of two is 25 % off by chance in one run of a few hundred: a bare point estimate would raise false alarms. An alarm is
/// raised only when a bootstrap interval of the ratio lies wholly outside the tolerance. The true ratio can be beyond one edge only,
/// so each of m comparisons may err by one end of its interval: confidence 1 − 2α/m keeps α for all of them.
/// </summary>
internal static class GrowthRule
{
    /// <summary>Probability of a false alarm over all comparisons when the true ratios lie at the edge of the tolerance; far less within.</summary>
    public const double Alpha = 0.001;

    /// <summary>Least gap that is told from none, in milliseconds: the resolution of a timer.</summary>
    public const double FloorMs = 1;

    /// <summary>Largest ratio of the interval's ends that still says something; it is about 2 for 300 uniform gaps.</summary>
    private const double MaxSpread = 3;

    /// <summary>One comparison.</summary>
    /// <param name="Ratio">Median after over median before.</param>
    /// <param name="Interval">Its bootstrap interval.</param>
    /// <param name="Ok">Whether the interval touches the tolerance.</param>
    internal readonly record struct Step(double Ratio, Interval Interval, bool Ok)
    {
        /// <summary>Whether no alarm is raised for want of knowledge: the interval spans too much.</summary>
        public bool IsThin => Ok && Interval.High > MaxSpread * Interval.Low;
    }

    /// <summary>Confidence of each interval.</summary>
    public static double Confidence(int comparisons) => 1 - 2 * MultipleTests.Bonferroni(Alpha, comparisons);

    /// <summary>Compares two attempts.</summary>
    /// <param name="before">Gaps in milliseconds, at least one.</param>
    /// <param name="after">Gaps of the next attempt.</param>
    /// <param name="declared">Declared ratio of their medians.</param>
    /// <param name="tolerance">How far from it the ratio may be, as a share of it.</param>
    /// <param name="comparisons">How many the check makes.</param>
    /// <param name="random">Source of the resamples.</param>
    public static Step Judge(IReadOnlyList<double> before, IReadOnlyList<double> after, double declared, double tolerance, int comparisons, Random random)
    {
        double[] first = AboveFloor(before), second = AboveFloor(after);
        var interval = Bootstrap.RatioOfMedians(second, first, Confidence(comparisons), random);
        return new Step(Moments.Median(second) / Moments.Median(first), interval, !interval.LiesOutside(declared * (1 - tolerance), declared * (1 + tolerance)));
    }

    private static double[] AboveFloor(IReadOnlyList<double> sample) => [.. sample.Select(g => Math.Max(FloorMs, g))];
}
