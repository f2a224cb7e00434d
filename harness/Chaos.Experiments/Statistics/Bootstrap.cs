using MathNet.Numerics.Distributions;

namespace Chaos.Experiments.Statistics;

/// <summary>Percentile bootstrap intervals (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13), seeded.</summary>
public static class Bootstrap
{
    /// <summary>Resamples that the checks draw; the ends of a 99.9 % interval rest on 5 of them each side of it.</summary>
    public const int Resamples = 10_000;

    /// <summary>Interval of any statistic of one sample.</summary>
    /// <param name="sample">Observations, at least one.</param>
    /// <param name="statistic">Computed on each resample, which it may reorder.</param>
    /// <param name="confidence">Such as 0.99.</param>
    /// <param name="random">Source of the resamples; the same seed gives the same interval.</param>
    /// <param name="resamples">Number of resamples.</param>
    public static Interval Of(IReadOnlyList<double> sample, Func<double[], double> statistic, double confidence, Random random, int resamples = 2_000)
    {
        var values = new double[resamples];
        var draw = new double[sample.Count];
        for (var r = 0; r < resamples; r++)
        {
            for (var i = 0; i < draw.Length; i++) draw[i] = sample[random.Next(sample.Count)];
            values[r] = statistic(draw);
        }

        return Ends(values, confidence);
    }

    /// <summary>Interval of the ratio of two medians of independent samples.</summary>
    /// <param name="over">Sample above the line.</param>
    /// <param name="under">Sample under the line.</param>
    public static Interval RatioOfMedians(IReadOnlyList<double> over, IReadOnlyList<double> under, double confidence, Random random, int resamples = Resamples)
    {
        var top = over.Order().ToArray();
        var bottom = under.Order().ToArray();
        var values = new double[resamples];
        for (var r = 0; r < resamples; r++) values[r] = Median(top, random) / Median(bottom, random);
        return Ends(values, confidence);
    }

    /// <summary>
    /// The median of one resample without drawing all of it: the k-th smallest of n uniform draws is Beta(k, n − k + 1), and
    /// a resample's k-th smallest is the observation at that place (Devroye, "Non-Uniform Random Variate Generation", 1986, V.3.1).
    /// </summary>
    private static double Median(double[] sorted, Random random)
    {
        var n = sorted.Length;
        var k = (n + 1) / 2;
        var place = Beta.Sample(random, k, n - k + 1);
        return sorted[Math.Clamp((int)(place * n), 0, n - 1)];
    }

    private static Interval Ends(double[] values, double confidence)
    {
        Array.Sort(values);
        return new Interval(Quantiles.Of(values, (1 - confidence) / 2), Quantiles.Of(values, (1 + confidence) / 2));
    }
}
