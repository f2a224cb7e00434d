using Chaos.Client.Randomness;
using Chaos.Experiments.Statistics;
using Xunit;

namespace Chaos.Experiments.Tests.Statistics;

public sealed class ProportionsTests
{
    [Theory]
    [InlineData(0, 10, 0, 0.3085)]
    [InlineData(1, 10, 0.0025, 0.4450)]
    [InlineData(5, 10, 0.1871, 0.8129)]
    [InlineData(10, 10, 0.6915, 1)]
    public void Clopper_Pearson_gives_the_published_intervals(long successes, long trials, double low, double high)
    {
        var interval = Proportions.ClopperPearson(successes, trials, 0.95);
        Assert.Equal(low, interval.Low, 0.0001);
        Assert.Equal(high, interval.High, 0.0001);
    }

    [Fact]
    public void None_in_300_bounds_the_rate_below_one_percent()
    {
        Assert.True(Proportions.RuleOfThree(300) < 0.01);
        Assert.Equal(3.0 / 3000, Proportions.RuleOfThree(3000), 0.00001);
    }

    [Fact]
    public void No_trials_are_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => Proportions.RuleOfThree(0));

    [Fact]
    public void The_interval_covers_the_true_share_at_least_as_often_as_it_says()
    {
        const int runs = 2_000, trials = 100;
        var random = SeedTree.Stream(5, "share");
        var covered = 0;
        for (var run = 0; run < runs; run++)
        {
            var interval = Proportions.ClopperPearson(Enumerable.Range(0, trials).Count(_ => random.NextDouble() < 0.07), trials, 0.95);
            if (interval.Low <= 0.07 && interval.High >= 0.07) covered++;
        }

        Assert.InRange(covered, 1_880, runs);
    }
}
