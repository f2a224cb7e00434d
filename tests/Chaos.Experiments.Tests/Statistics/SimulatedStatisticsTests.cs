using Chaos.Client.Randomness;
using Chaos.Experiments.Statistics;
using Xunit;

namespace Chaos.Experiments.Tests.Statistics;

/// <summary>What the statistics promise and can do, by simulation; the rules that checks build of them are in FalseAlarms.</summary>
public sealed class SimulatedStatisticsTests
{
    private const int Runs = 10_000;

    [Fact]
    public void Holm_and_Bonferroni_keep_the_level_of_a_family()
    {
        var random = SeedTree.Stream(21, "family");
        int holm = 0, bonferroni = 0;
        for (var run = 0; run < Runs; run++)
        {
            double[] p = [.. Enumerable.Range(0, 8).Select(_ => random.NextDouble())];
            if (MultipleTests.Holm(p, 0.05).Any(r => r)) holm++;
            if (p.Any(x => x <= MultipleTests.Bonferroni(0.05, 8))) bonferroni++;
        }

        // 1 − (1 − 0.05/8)^8 = 4.9 %, ± 4 standard deviations. A family without a defect is rejected by both or by neither.
        Assert.Equal(bonferroni, holm);
        Assert.InRange(holm, 400, 580);
    }

    [Fact]
    public void Holm_finds_more_of_several_defects_and_still_keeps_the_level()
    {
        var random = SeedTree.Stream(22, "defects");
        int holm = 0, bonferroni = 0, wrong = 0;
        for (var run = 0; run < Runs; run++)
        {
            // Four of eight have a defect: small p-values.
            double[] p = [.. Enumerable.Range(0, 8).Select(i => i < 4 ? 0.02 * random.NextDouble() : random.NextDouble())];
            var rejects = MultipleTests.Holm(p, 0.05);
            holm += rejects.Take(4).Count(r => r);
            bonferroni += p.Take(4).Count(x => x <= MultipleTests.Bonferroni(0.05, 8));
            if (rejects.Skip(4).Any(r => r)) wrong++;
        }

        Assert.True(holm > 1.05 * bonferroni, $"Holm found {holm}, Bonferroni {bonferroni}");
        Assert.InRange(wrong, 0, 590);
    }

    [Fact]
    public void A_bootstrap_interval_of_a_mean_covers_it_about_as_often_as_it_says()
    {
        var covered = 0;
        Parallel.For(0, 2_000, run =>
        {
            var random = SeedTree.Stream(run, "mean");
            double[] sample = [.. Enumerable.Range(0, 100).Select(_ => random.NextDouble())];
            var interval = Bootstrap.Of(sample, s => s.Average(), 0.95, random, 500);
            if (interval.Low <= 0.5 && interval.High >= 0.5) Interlocked.Increment(ref covered);
        });

        // The percentile bootstrap is a little short with few observations: about 94 % here.
        Assert.InRange(covered, 1_840, 1_940);
    }

    [Theory]
    // A shape that ends at 0.85 of what was declared; one that leaves out the lowest fifth.
    [InlineData(0, 0.85)]
    [InlineData(0.2, 1)]
    public void Kolmogorov_Smirnov_sees_a_wrong_shape_of_300_nearly_always(double low, double high)
    {
        var random = SeedTree.Stream(23, "shape");
        var critical = KolmogorovSmirnov.Critical(300, 0.001);
        var seen = Enumerable.Range(0, 1_000).Count(_ =>
            KolmogorovSmirnov.TestUniform(Enumerable.Range(0, 300).Select(_ => low + (high - low) * random.NextDouble()), 0, 1).D > critical);
        Assert.InRange(seen, 990, 1_000);
    }

    [Fact]
    public void The_coefficient_of_variation_of_300_uniform_gaps_stays_near_its_true_value()
    {
        var random = SeedTree.Stream(24, "variation");
        for (var run = 0; run < Runs; run++)
            Assert.InRange(Moments.CoefficientOfVariation([.. Enumerable.Range(0, 300).Select(_ => random.NextDouble())]), 0.577 - 0.12, 0.577 + 0.12);
    }

    [Fact]
    public void The_rule_of_three_is_wrong_in_one_run_of_twenty_at_most()
    {
        // At the bound itself, none is seen with a probability of 5 %: where the rule is least right.
        var rate = Proportions.RuleOfThree(200);
        Assert.Equal(0.05, Math.Pow(1 - rate, 200), 9);
        Assert.InRange(rate, 2.9 / 200, 3.0 / 200);
    }

    [Fact]
    public void Drawing_the_median_of_a_large_resample_looks_at_its_middle_only()
    {
        var random = SeedTree.Stream(25, "median");
        var median = new MedianOfResample(1_000_000);
        double[] places = [.. Enumerable.Range(0, Runs).Select(_ => (double)median.Place(random))];

        // Mean in the middle, standard deviation √n / 2.
        Assert.InRange(places.Average(), 499_970, 500_030);
        Assert.InRange(Moments.CoefficientOfVariation(places) * places.Average(), 480, 520);
    }
}
