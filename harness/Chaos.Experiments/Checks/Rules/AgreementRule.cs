using Chaos.Experiments.Statistics;

namespace Chaos.Experiments.Checks.Rules;

/// <summary>
/// How a percentile that is known as a class of a histogram is compared with one that was measured: they agree when the class, widened by
/// a tolerance, holds a part of the measured percentile's 99 % interval. When they truly differ by the whole tolerance, a percentile is
/// said to disagree in at most 1 run of 200; the class of the histogram only makes that rarer.
/// </summary>
internal static class AgreementRule
{
    /// <summary>Probability of a false alarm for one percentile at the edge of the tolerance.</summary>
    public const double Alpha = 0.005;

    /// <summary>Whether they agree.</summary>
    /// <param name="low">Lower edge of the class, in the unit of the sample.</param>
    /// <param name="high">Upper edge.</param>
    /// <param name="sorted">Measured values in ascending order, at least one.</param>
    /// <param name="p">Which percentile, such as 0.99.</param>
    /// <param name="share">Share by which they may differ.</param>
    /// <param name="extra">By how much besides, in the unit of the sample.</param>
    public static bool Agree(double low, double high, IReadOnlyList<double> sorted, double p, double share, double extra)
    {
        var interval = Quantiles.IntervalOf(sorted, p, 1 - 2 * Alpha);
        return (high * (1 + share)) + extra >= interval.Low && (low * (1 - share)) - extra <= interval.High;
    }
}
