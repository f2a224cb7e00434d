using Chaos.Experiments.Statistics;
using Xunit;

namespace Chaos.Experiments.Tests.Statistics;

public sealed class SmallStatisticsTests
{
    [Fact]
    public void The_coefficient_of_variation_of_a_uniform_distribution_is_one_over_the_root_of_three() =>
        Assert.Equal(1 / Math.Sqrt(3), Moments.CoefficientOfVariation([.. Enumerable.Range(0, 10_000).Select(i => (i + 0.5) / 10_000)]), 0.001);

    [Fact]
    public void Equal_observations_do_not_vary()
    {
        Assert.Equal(0, Moments.CoefficientOfVariation([3, 3, 3]), 12);
        Assert.Equal(0, Moments.CoefficientOfVariation([3]));
        Assert.Equal(0, Moments.CoefficientOfVariation([0, 0, 0]));
    }

    [Fact]
    public void The_largest_bin_share_counts_the_fullest_hundredth() => Assert.Equal(0.6, Moments.LargestBinShare([10, 10.05, 10.02, 50, 99.9], 100), 9);

    [Fact]
    public void All_at_zero_are_all_in_one_bin()
    {
        Assert.Equal(1, Moments.LargestBinShare([0, 0], 100));
        Assert.Equal(1, Moments.LargestBinShare([], 100));
    }

    [Fact]
    public void Bonferroni_divides_the_level() => Assert.Equal(0.0001, MultipleTests.Bonferroni(0.001, 10), 12);

    [Fact]
    public void Holm_steps_down_and_stops_at_the_first_that_holds() =>
        Assert.Equal([true, false, false, true], MultipleTests.Holm([0.01, 0.04, 0.03, 0.005], 0.05));

    [Fact]
    public void An_interval_lies_outside_only_as_a_whole()
    {
        Assert.True(new Interval(1, 2).LiesOutside(2.1, 3));
        Assert.True(new Interval(4, 5).LiesOutside(2.1, 3));
        Assert.False(new Interval(1, 2.2).LiesOutside(2.1, 3));
    }
}
