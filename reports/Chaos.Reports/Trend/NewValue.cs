using System.Collections.Concurrent;
using MathNet.Numerics.Distributions;

namespace Chaos.Reports.Trend;

/// <summary>
/// Whether one further value is from where the earlier ones are from: the prediction limit for a single future observation of a
/// normal distribution, mean ± t(1 − α; d) · s · √(1 + 1/n) (Hahn and Meeker, "Statistical Intervals", 1991, section 4.7). Alone, s is the
/// standard deviation of the values and d = n − 1; with a prior of d₀ degrees and variance s₀², s² = (d₀ s₀² + (n − 1) s²) / (d₀ + n − 1) and d = d₀ + n − 1
/// (see <see cref="SpreadPrior"/>). The t pays for not knowing the spread, so the error level is kept with few nights too: with few, only large steps
/// are seen. Values are taken as independent from night to night; a spread that comes in spells is wider than it looks.
/// </summary>
/// <param name="Mean">Mean of the earlier values.</param>
/// <param name="Reach">How far above or below the mean a value may be, each way with an error level of its own.</param>
internal readonly record struct NewValue(double Mean, double Reach)
{
    /// <summary>Least number of earlier values: with two, the spread has one degree of freedom.</summary>
    public const int Least = 2;

    // It is the same for every series of that many nights, and takes a search.
    private static readonly ConcurrentDictionary<(int Freedom, double Alpha), double> Criticals = [];

    public double Low => Mean - Reach;

    public double High => Mean + Reach;

    /// <summary>The limits.</summary>
    /// <param name="earlier">Earlier values, at least <see cref="Least"/>.</param>
    /// <param name="alpha">Probability, on each side, that a value of the same distribution is beyond the limit.</param>
    /// <param name="prior">What is known of their spread besides; nothing by default.</param>
    public static NewValue Of(IReadOnlyList<double> earlier, double alpha, SpreadPrior prior = default) =>
        new(earlier.Average(), Critical(earlier.Count - 1 + prior.Freedom, alpha) * Spread(earlier, prior));

    /// <summary>Probability that a value of the same distribution is as far above the mean, or farther.</summary>
    public static double ChanceAbove(IReadOnlyList<double> earlier, double value, SpreadPrior prior = default) =>
        StudentT.CDF(0, 1, earlier.Count - 1 + prior.Freedom, -(value - earlier.Average()) / Spread(earlier, prior));

    /// <summary>t(1 − α; d).</summary>
    /// <param name="freedom">Degrees of freedom, d, at least 1.</param>
    /// <param name="alpha">Probability above it.</param>
    public static double Critical(int freedom, double alpha)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(freedom, 1);
        return Criticals.GetOrAdd((freedom, alpha), key => -StudentT.InvCDF(0, 1, key.Freedom, key.Alpha));
    }

    /// <summary>Variance of the values; at least <see cref="Least"/>.</summary>
    public static double Variance(IReadOnlyList<double> values)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(values.Count, Least);
        var mean = values.Average();
        return values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1);
    }

    private static double Spread(IReadOnlyList<double> earlier, SpreadPrior prior)
    {
        var own = earlier.Count - 1;
        return Math.Sqrt(((own * Variance(earlier)) + (prior.Freedom * prior.Variance)) / (own + prior.Freedom) * (1 + (1.0 / earlier.Count)));
    }
}
