using Chaos.Client.Randomness;
using Chaos.Experiments.Statistics;
using Xunit;

namespace Chaos.Experiments.Tests.Statistics;

public sealed class PeakToMeanTests
{
    [Fact]
    public void The_ratio_is_the_fullest_bin_over_the_mean()
    {
        double[] sample = [.. Enumerable.Range(0, 20).Select(i => (i + 0.5) / 20), 0.31, 0.32, 0.33, 0.34];
        var result = PeakToMean.Test(sample, x => x);
        Assert.Equal(5 / 1.2, result.Ratio, 9);
        Assert.Equal(0.3, result.PeakFrom, 9);
    }

    [Theory]
    // The 99.9th percentiles of simulation. One observation in a bin is 20/N; the bound may ask for two more.
    [InlineData(200, 2.40)]
    [InlineData(300, 2.07)]
    [InlineData(500, 1.84)]
    public void Critical_ratios_agree_with_simulation(int n, double expected) => Assert.InRange(PeakToMean.Critical(n, 0.001), expected, expected + 40.0 / n + 1e-9);

    [Fact]
    public void The_critical_ratio_is_the_first_whose_probability_is_small_enough()
    {
        const int n = 500;
        var critical = PeakToMean.Critical(n, 0.001);
        Assert.True(ProbabilityOf(n, critical) <= 0.001);
        Assert.True(ProbabilityOf(n, critical - 20.0 / n) > 0.001);
    }

    [Fact]
    public void It_raises_a_false_alarm_at_most_as_often_as_it_says()
    {
        const int runs = 10_000, n = 200;
        var random = SeedTree.Stream(2, "peak");
        var critical = PeakToMean.Critical(n, 0.01);
        var alarms = Enumerable.Range(0, runs).Count(_ => PeakToMean.Test([.. Enumerable.Range(0, n).Select(_ => random.NextDouble())], x => x).Ratio >= critical);
        Assert.InRange(alarms, 20, 130);
    }

    [Fact]
    public void It_sees_a_tenth_in_step_which_Kolmogorov_Smirnov_does_not()
    {
        const int runs = 500, n = 500;
        var random = SeedTree.Stream(3, "in step");
        double maxPeak = PeakToMean.Critical(n, 0.001), maxD = KolmogorovSmirnov.Critical(n, 0.001);
        int peak = 0, ks = 0;
        for (var run = 0; run < runs; run++)
        {
            var step = random.NextDouble();
            double[] sample = [.. Enumerable.Range(0, n).Select(i => i < n / 10 ? step : random.NextDouble())];
            if (PeakToMean.Test(sample, x => x).Ratio >= maxPeak) peak++;
            if (KolmogorovSmirnov.TestUniform(sample, 0, 1).D > maxD) ks++;
        }

        Assert.True(peak > 0.99 * runs, $"peak/mean saw {peak} of {runs}");
        Assert.True(ks < 0.5 * runs, $"KS saw {ks} of {runs}");
    }

    private static double ProbabilityOf(int n, double ratio)
    {
        // A sample with exactly that peak: the rest is spread over the other bins.
        var count = (int)Math.Round(ratio * n / 20);
        double[] sample = [.. Enumerable.Range(0, n).Select(i => i < count ? 0.01 : 0.05 + 0.95 * (i - count + 0.5) / (n - count))];
        return PeakToMean.Test(sample, x => x).P;
    }
}
