using Chaos.Client.Randomness;
using Chaos.Experiments.Statistics;
using Xunit;

namespace Chaos.Experiments.Tests.Statistics;

public sealed class QuantilesTests
{
    [Theory]
    [InlineData(0.5, 50)]
    [InlineData(0.99, 99)]
    [InlineData(0.995, 100)]
    [InlineData(0.01, 1)]
    public void A_quantile_is_the_smallest_observation_that_enough_do_not_exceed(double p, double expected) =>
        Assert.Equal(expected, Quantiles.Of(Enumerable.Range(1, 100).Select(i => (double)i).ToArray(), p));

    [Fact]
    public void The_interval_of_a_median_of_100_is_the_one_of_the_tables()
    {
        // Hahn and Meeker, table A.15: order statistics 40 and 61 for 95 %.
        var interval = Quantiles.IntervalOf(Enumerable.Range(1, 100).Select(i => (double)i).ToArray(), 0.5, 0.95);
        Assert.Equal(new Interval(40, 61), interval);
    }

    [Theory]
    [InlineData(527, false)]
    [InlineData(528, true)]
    public void A_p99_is_bounded_from_528_samples_on(int n, bool bounded) =>
        Assert.Equal(bounded, double.IsFinite(Quantiles.IntervalOf(Enumerable.Range(1, n).Select(i => (double)i).ToArray(), 0.99, 0.99).High));

    [Fact]
    public void The_interval_covers_the_true_percentile_as_often_as_it_says()
    {
        const int runs = 10_000;
        var random = SeedTree.Stream(4, "quantile");
        var truth = -Math.Log(0.05);
        var covered = 0;
        for (var run = 0; run < runs; run++)
        {
            var sample = Enumerable.Range(0, 200).Select(_ => -Math.Log(1 - random.NextDouble())).Order().ToArray();
            var interval = Quantiles.IntervalOf(sample, 0.95, 0.99);
            if (truth >= interval.Low && truth <= interval.High) covered++;
        }

        Assert.InRange(covered, 9_870, 10_000);
    }

    [Fact]
    public void The_sample_that_decides_a_p99_with_nothing_above_the_budget_is_the_smallest_that_bounds_it() =>
        Assert.InRange(Quantiles.SampleThatDecides(0, 0.99, 0.99)!.Value, 528, 581);

    [Fact]
    public void A_share_at_the_percentile_itself_never_decides() => Assert.Null(Quantiles.SampleThatDecides(0.01, 0.99, 0.99));
}
