namespace Chaos.Experiments.Statistics;

/// <summary>
/// The one-sample Kolmogorov–Smirnov test: does a sample come from a fully declared, continuous distribution?
/// Source of the p-value: Stephens, "EDF Statistics for Goodness of Fit and Some Comparisons", JASA 69 (1974): the limit
/// distribution applied to D·(√n + 0.12 + 0.11/√n), good to the third digit from n = 5 on.
/// </summary>
public static class KolmogorovSmirnov
{
    /// <summary>Result of a test.</summary>
    /// <param name="D">Largest distance between the sample's and the declared distribution function, 0..1.</param>
    /// <param name="P">Probability of a D at least as large when the declaration is true.</param>
    public readonly record struct Result(double D, double P);

    /// <summary>Tests a sample.</summary>
    /// <param name="sample">Observations in any order, at least one.</param>
    /// <param name="cdf">The declared distribution function; it must be continuous.</param>
    /// <exception cref="ArgumentException">The sample is empty.</exception>
    public static Result Test(IEnumerable<double> sample, Func<double, double> cdf)
    {
        var sorted = Sorted(sample);
        if (sorted.Length == 0) throw new ArgumentException("A Kolmogorov–Smirnov test needs a sample.", nameof(sample));
        double d = 0;
        for (var i = 0; i < sorted.Length; i++)
        {
            var f = cdf(sorted[i]);
            d = Math.Max(d, Math.Max(f - (double)i / sorted.Length, (i + 1.0) / sorted.Length - f));
        }

        return new Result(d, Survival(d * Correction(sorted.Length)));
    }

    /// <summary>Tests against the uniform distribution on [<paramref name="low"/>, <paramref name="high"/>].</summary>
    public static Result TestUniform(IEnumerable<double> sample, double low, double high) =>
        Test(sample, x => Math.Clamp((x - low) / (high - low), 0, 1));

    /// <summary>
    /// How far the sample's distribution function rises above that of the uniform distribution on [<paramref name="low"/>,
    /// <paramref name="high"/>]: large when observations are too small. One side of D, so it keeps at least D's error level.
    /// </summary>
    public static double ExcessBelowUniform(IEnumerable<double> sample, double low, double high)
    {
        var sorted = Sorted(sample);
        return sorted.Select((x, i) => (i + 1.0) / sorted.Length - Math.Clamp((x - low) / (high - low), 0, 1)).DefaultIfEmpty(0).Max();
    }

    /// <summary>The D that a sample of <paramref name="n"/> exceeds with probability <paramref name="alpha"/> when the declaration is true.</summary>
    /// <param name="n">Size of the sample, at least 1.</param>
    /// <param name="alpha">Error level, above 0 and below 1.</param>
    public static double Critical(int n, double alpha)
    {
        double low = 0.2, high = 10;
        for (var i = 0; i < 100; i++)
        {
            var middle = (low + high) / 2;
            if (Survival(middle) > alpha) low = middle;
            else high = middle;
        }

        return high / Correction(n);
    }

    /// <summary>Kolmogorov's limit distribution: P(√n·D &gt; λ) = 2·Σ (−1)^(j−1)·exp(−2j²λ²).</summary>
    internal static double Survival(double lambda)
    {
        // The series alternates and converges slowly near 0, where the probability is 1 to 12 digits anyway.
        if (lambda < 0.18) return 1;
        double sum = 0, sign = 1;
        for (var j = 1; j <= 100; j++, sign = -sign)
        {
            var term = Math.Exp(-2.0 * j * j * lambda * lambda);
            sum += sign * term;
            if (term < 1e-17) break;
        }

        return Math.Clamp(2 * sum, 0, 1);
    }

    // Three times as fast as Enumerable.Order, of which a storm of a million clients would notice some seconds.
    private static double[] Sorted(IEnumerable<double> sample)
    {
        double[] sorted = [.. sample];
        Array.Sort(sorted);
        return sorted;
    }

    private static double Correction(int n)
    {
        var root = Math.Sqrt(n);
        return root + 0.12 + 0.11 / root;
    }
}
