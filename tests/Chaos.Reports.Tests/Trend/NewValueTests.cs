using Chaos.Reports.Tests.Samples;
using Chaos.Reports.Trend;
using Xunit;

namespace Chaos.Reports.Tests.Trend;

/// <summary>What the statistic promises and can do, by simulation.</summary>
public sealed class NewValueTests(ITestOutputHelper output)
{
    private const int Runs = 10_000;
    private const double Alpha = 0.01;
    private const int Series = 60;

    [Theory]
    // Tables of Student's t: one-sided 0.05, 0.01, 0.0005.
    [InlineData(10, 0.05, 1.833)]
    [InlineData(10, 0.0005, 4.781)]
    [InlineData(30, 0.01, 2.462)]
    [InlineData(7, 0.0005, 5.959)]
    public void Critical_values_are_those_of_the_tables(int nights, double alpha, double expected) => Assert.Equal(expected, NewValue.Critical(nights, alpha), 3);

    [Fact]
    public void A_limit_is_the_mean_and_t_times_the_spread_of_a_further_value()
    {
        // Mean 3, standard deviation 1.5811, t(0.95; 4) = 2.1318, √(1 + 1/5) = 1.0954.
        var limits = NewValue.Of([1, 2, 3, 4, 5], 0.05);

        Assert.Equal(3 + (2.1318 * 1.5811 * 1.0954), limits.High, 3);
        Assert.Equal(3 - (2.1318 * 1.5811 * 1.0954), limits.Low, 3);
        Assert.Equal(0.05, NewValue.ChanceAbove([1, 2, 3, 4, 5], limits.High), 6);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(10)]
    [InlineData(30)]
    public void Of_10_000_nights_on_which_nothing_changed_the_stated_share_flags_anything(int nights)
    {
        var random = new SampleRandom(31);
        var critical = NewValue.Critical(nights, Alpha / Series);
        var flagged = Enumerable.Range(0, Runs).Count(_ => Enumerable.Range(0, Series).Any(_ => Beyond(random, nights, critical, 0.05, 0)));
        output.WriteLine($"seed 31: {flagged} of {Runs} nights flagged, {nights} nights before each");

        // 1 − (1 − 0.01/60)^60 = 0.995 %, ± 4 standard deviations.
        Assert.InRange(flagged, 60, 140);
    }

    [Theory]
    // Standard deviation of p95 from night to night; nights before; least and most share of first nights on which 20 % is seen.
    [InlineData(0.01, 10, 0.999, 1)]
    [InlineData(0.02, 10, 0.95, 1)]
    [InlineData(0.03, 10, 0.40, 0.65)]
    [InlineData(0.02, 30, 0.999, 1)]
    [InlineData(0.03, 30, 0.92, 0.99)]
    [InlineData(0.05, 30, 0.20, 0.40)]
    public void A_slowdown_of_20_percent_is_seen_on_its_first_night_as_often_as_noise_allows(double deviation, int nights, double least, double most)
    {
        var random = new SampleRandom(32);
        var critical = NewValue.Critical(nights, Alpha / Series);
        var seen = Enumerable.Range(0, Runs).Count(_ => Beyond(random, nights, critical, deviation, Math.Log(1.2))) / (double)Runs;
        output.WriteLine($"seed 32: seen on {seen:P1} of first nights, deviation {deviation:P0}, {nights} nights before");

        Assert.InRange(seen, least, most);
    }

    private static bool Beyond(SampleRandom random, int nights, double critical, double deviation, double shift)
    {
        double[] earlier = [.. Enumerable.Range(0, nights).Select(_ => deviation * random.Normal())];
        return (deviation * random.Normal()) + shift > NewValue.With(earlier, critical).High;
    }
}
