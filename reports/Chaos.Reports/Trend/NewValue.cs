using System.Collections.Concurrent;
using MathNet.Numerics.Distributions;

namespace Chaos.Reports.Trend;

/// <summary>
/// Whether one further value is from where the earlier ones are from: the prediction limit for a single future observation of a
/// normal distribution, mean ± t(1 − α; n − 1) · s · √(1 + 1/n) (Hahn and Meeker, "Statistical Intervals", 1991, section 4.7). The t of
/// n − 1 degrees of freedom pays for not knowing the spread, so the error level is exact with few nights too: with few, only large steps
/// are seen. Values are taken as independent from night to night; a spread that comes in spells is wider than it looks.
/// </summary>
/// <param name="Mean">Mean of the earlier values.</param>
/// <param name="Reach">How far above or below the mean a value may be, each way with an error level of its own.</param>
internal readonly record struct NewValue(double Mean, double Reach)
{
    /// <summary>Least number of earlier values: with two, the spread has one degree of freedom.</summary>
    public const int Least = 2;

    // It is the same for every series of that many nights, and takes a search.
    private static readonly ConcurrentDictionary<(int Earlier, double Alpha), double> Criticals = [];

    public double Low => Mean - Reach;

    public double High => Mean + Reach;

    /// <summary>The limits.</summary>
    /// <param name="earlier">Earlier values, at least <see cref="Least"/>.</param>
    /// <param name="alpha">Probability, on each side, that a value of the same distribution is beyond the limit.</param>
    public static NewValue Of(IReadOnlyList<double> earlier, double alpha) => new(earlier.Average(), Critical(earlier.Count, alpha) * Spread(earlier));

    /// <summary>Probability that a value of the same distribution is as far above the mean, or farther.</summary>
    public static double ChanceAbove(IReadOnlyList<double> earlier, double value) =>
        StudentT.CDF(0, 1, earlier.Count - 1, -(value - earlier.Average()) / Spread(earlier));

    /// <summary>t(1 − α; n − 1).</summary>
    /// <param name="earlier">Number of earlier values, n.</param>
    public static double Critical(int earlier, double alpha)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(earlier, Least);
        return Criticals.GetOrAdd((earlier, alpha), key => -StudentT.InvCDF(0, 1, key.Earlier - 1, key.Alpha));
    }

    private static double Spread(IReadOnlyList<double> earlier)
    {
        var mean = earlier.Average();
        return Math.Sqrt(earlier.Sum(v => (v - mean) * (v - mean)) / (earlier.Count - 1) * (1 + (1.0 / earlier.Count)));
    }
}
