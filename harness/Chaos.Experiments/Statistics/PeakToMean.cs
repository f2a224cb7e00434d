using MathNet.Numerics.Distributions;

namespace Chaos.Experiments.Statistics;

/// <summary>
/// The fullest of several equally probable bins, over the mean of all. It sees what the Kolmogorov–Smirnov test hardly
/// sees: a tenth of the clients coming back in the same instant. Under the declaration the counts are multinomial with equal
/// cells, and their largest is a test for one cell that stands out (Fuchs and Kenett, "A Test for Detecting Outlying Cells in the
/// Multinomial Distribution", JASA 75, 1980).
/// </summary>
public static class PeakToMean
{
    /// <summary>Number of bins that the checks use.</summary>
    public const int Bins = 20;

    /// <summary>Result of a test.</summary>
    /// <param name="Ratio">Fullest bin over mean, at least 1.</param>
    /// <param name="P">Upper bound of the probability of such a ratio when the declaration is true.</param>
    /// <param name="PeakFrom">Lower edge of the fullest bin, as a probability 0..1.</param>
    public readonly record struct Result(double Ratio, double P, double PeakFrom);

    /// <summary>Tests a sample against a declared distribution.</summary>
    /// <param name="sample">Observations, at least one.</param>
    /// <param name="cdf">The declared distribution function; bins are equal steps of it.</param>
    /// <param name="bins">Number of bins, at least 2.</param>
    /// <exception cref="ArgumentException">The sample is empty.</exception>
    public static Result Test(IReadOnlyCollection<double> sample, Func<double, double> cdf, int bins = Bins)
    {
        if (sample.Count == 0) throw new ArgumentException("Peak over mean needs a sample.", nameof(sample));
        var counts = new int[bins];
        foreach (var x in sample) counts[Math.Clamp((int)(cdf(x) * bins), 0, bins - 1)]++;
        var peak = Array.IndexOf(counts, counts.Max());
        return new Result(counts[peak] * (double)bins / sample.Count, TailBound(sample.Count, counts[peak], bins), (double)peak / bins);
    }

    /// <summary>
    /// The smallest ratio whose probability is at most <paramref name="alpha"/> when the declaration is true. The counts of
    /// the bins are multinomial; the probability that any reaches m is at most bins × P(Binomial(n, 1/bins) ≥ m), and that
    /// bound (Boole) is nearly exact in the tail, where two full bins at once are rare.
    /// </summary>
    /// <param name="n">Size of the sample, at least 1.</param>
    /// <param name="alpha">Error level, above 0 and below 1.</param>
    /// <param name="bins">Number of bins.</param>
    public static double Critical(int n, double alpha, int bins = Bins)
    {
        // The bound falls as m grows, so bisection finds the first m that keeps the level; n + 1 can never be reached.
        int low = 0, high = n + 1;
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (TailBound(n, middle, bins) <= alpha) high = middle;
            else low = middle;
        }

        return high * (double)bins / n;
    }

    private static double TailBound(int n, int m, int bins) =>
        m <= 0 ? 1 : Math.Min(1, bins * (1 - Binomial.CDF(1.0 / bins, n, m - 1)));
}
