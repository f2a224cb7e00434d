using Chaos.Client.Randomness;
using Chaos.Experiments.Statistics;
using Xunit;

namespace Chaos.Experiments.Tests.Statistics;

public sealed class BootstrapTests
{
    [Fact]
    public void The_same_seed_gives_the_same_interval()
    {
        double[] sample = [.. Enumerable.Range(1, 50).Select(i => (double)i)];
        Assert.Equal(Bootstrap.Of(sample, s => s.Average(), 0.95, SeedTree.Stream(6)), Bootstrap.Of(sample, s => s.Average(), 0.95, SeedTree.Stream(6)));
    }

    [Fact]
    public void The_interval_of_a_mean_agrees_with_the_normal_approximation()
    {
        double[] sample = [.. Enumerable.Range(0, 400).Select(i => i / 400.0)];
        var interval = Bootstrap.Of(sample, s => s.Average(), 0.95, SeedTree.Stream(7), 4_000);
        var half = 1.96 * Math.Sqrt(1.0 / 12 / 400);
        Assert.Equal(0.49875 - half, interval.Low, 0.004);
        Assert.Equal(0.49875 + half, interval.High, 0.004);
    }

    [Fact]
    public void Drawing_the_median_directly_agrees_with_drawing_the_whole_resample()
    {
        var random = SeedTree.Stream(8, "sample");
        double[] sample = [.. Enumerable.Range(0, 301).Select(_ => random.NextDouble())];
        var direct = Bootstrap.RatioOfMedians(sample, [1], 0.95, SeedTree.Stream(8, "direct"));
        var whole = Bootstrap.Of(sample, s => Quantiles.Of([.. s.Order()], 0.5), 0.95, SeedTree.Stream(8, "whole"), 4_000);
        Assert.Equal(whole.Low, direct.Low, 0.01);
        Assert.Equal(whole.High, direct.High, 0.01);
    }

    [Fact]
    public void The_ratio_of_medians_covers_the_true_ratio_as_often_as_it_says()
    {
        const int runs = 500;
        var random = SeedTree.Stream(9, "ratio");
        var covered = 0;
        for (var run = 0; run < runs; run++)
        {
            double[] small = [.. Enumerable.Range(0, 300).Select(_ => random.NextDouble())];
            double[] large = [.. Enumerable.Range(0, 300).Select(_ => 2 * random.NextDouble())];
            var interval = Bootstrap.RatioOfMedians(large, small, 0.95, random, 500);
            if (interval.Low <= 2 && interval.High >= 2) covered++;
        }

        Assert.InRange(covered, 450, 495);
    }
}
