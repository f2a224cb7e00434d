using MathNet.Numerics.Distributions;

namespace Chaos.Experiments.Statistics;

/// <summary>
/// Percentiles with distribution-free intervals. The interval between two order statistics covers the true percentile with at
/// least the asked confidence, whatever the distribution (Hahn and Meeker, "Statistical Intervals", 1991, section 5.2).
/// The percentile bootstrap of a quantile tends to the same order statistics (Efron, 1979), but needs a seed and
/// thousands of resamples to get there. Observations are taken as independent; a queue makes neighbours alike, so with few
/// samples in one burst the true interval is wider.
/// </summary>
public static class Quantiles
{
    /// <summary>The p-quantile of a sorted sample: the smallest observation that at least a share p does not exceed.</summary>
    /// <param name="sorted">Observations in ascending order, at least one.</param>
    /// <param name="p">Above 0 and up to 1.</param>
    public static double Of(IReadOnlyList<double> sorted, double p) => sorted[Math.Clamp((int)Math.Ceiling(p * sorted.Count - 1e-9) - 1, 0, sorted.Count - 1)];

    /// <summary>Interval of the p-quantile.</summary>
    /// <param name="sorted">Observations in ascending order, at least one.</param>
    /// <param name="p">Above 0 and below 1.</param>
    /// <param name="confidence">Such as 0.99; half of the rest on each side.</param>
    /// <returns>Ends that the sample is too small for are infinite.</returns>
    public static Interval IntervalOf(IReadOnlyList<double> sorted, double p, double confidence)
    {
        var tail = (1 - confidence) / 2;
        var n = sorted.Count;

        // X(l) is above the quantile with probability P(B < l), X(u) below it with P(B ≥ u), where B counts the
        // observations up to the quantile: Binomial(n, p).
        var lower = First(n, l => Cdf(p, n, l - 1) > tail) - 1;
        var upper = First(n, u => 1 - Cdf(p, n, u - 1) <= tail);
        return new Interval(lower >= 1 ? sorted[lower - 1] : double.NegativeInfinity, upper <= n ? sorted[upper - 1] : double.PositiveInfinity);
    }

    /// <summary>
    /// The size of a sample at which the interval's upper end would be at or under the budget, if the share above the budget
    /// stayed as it is; null when no size up to ten million would do.
    /// </summary>
    /// <param name="shareAbove">Observed share above the budget, 0..1.</param>
    public static int? SampleThatDecides(double shareAbove, double p, double confidence)
    {
        var tail = (1 - confidence) / 2;
        for (double n = 10; n <= 1e7; n *= 1.1)
        {
            var size = (int)n;
            var below = size - (int)Math.Ceiling(shareAbove * size - 1e-9);
            if (1 - Cdf(p, size, below - 1) <= tail) return size;
        }

        return null;
    }

    /// <summary>The first index from 1 on for which a monotone condition is true, or n + 1.</summary>
    private static int First(int n, Func<int, bool> condition)
    {
        int low = 0, high = n + 1;
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (condition(middle)) high = middle;
            else low = middle;
        }

        return high;
    }

    private static double Cdf(double p, int n, int k) => k < 0 ? 0 : k >= n ? 1 : Binomial.CDF(p, n, k);
}
