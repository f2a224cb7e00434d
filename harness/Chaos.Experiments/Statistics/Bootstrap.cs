namespace Chaos.Experiments.Statistics;

/// <summary>Percentile bootstrap intervals (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13), seeded.</summary>
public static class Bootstrap
{
    /// <summary>Resamples that the checks draw; the ends of a 99.93 % interval, the widest of theirs by default, rest on 6 of them.</summary>
    public const int Resamples = 20_000;

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
        var above = new MedianOfResample(top.Length);
        var below = new MedianOfResample(bottom.Length);
        var values = new double[resamples];
        for (var r = 0; r < resamples; r++) values[r] = top[above.Place(random)] / bottom[below.Place(random)];
        return Ends(values, confidence);
    }

    private static Interval Ends(double[] values, double confidence)
    {
        Array.Sort(values);
        return new Interval(Quantiles.Of(values, (1 - confidence) / 2), Quantiles.Of(values, (1 + confidence) / 2));
    }
}
