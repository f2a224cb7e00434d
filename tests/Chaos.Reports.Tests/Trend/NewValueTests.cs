using Chaos.Reports.Tests.Samples;
using Chaos.Reports.Trend;
using Xunit;

namespace Chaos.Reports.Tests.Trend;

/// <summary>What the statistic promises and can do, by simulation.</summary>
public sealed class NewValueTests(ITestOutputHelper output)
{
    private const int Runs = 10_000;

    /// <summary>As many as are tested of the shipped checklist.</summary>
    private const int Series = 90;

    private static readonly double Alpha = new TrendRules().Alpha;

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
    public void Of_10_000_nights_on_which_nothing_changed_no_more_than_the_stated_share_flags_anything(int nights)
    {
        var flagged = 0;
        Parallel.For(0, Runs, run =>
        {
            var random = new SampleRandom(31_000_000 + (ulong)run);
            if (Enumerable.Range(0, Series).Any(_ => IsFlagged(random, nights, 0.05, 1))) Interlocked.Increment(ref flagged);
        });
        output.WriteLine($"seed 31000000 on: {flagged} of {Runs} nights flagged, {nights} nights before each");

        // 0.5 % is 50, and 4 standard deviations above it are 78. That a value must be beyond all before makes it fewer.
        Assert.InRange(flagged, 10, 78);
    }

    [Theory]
    // Standard deviation of p95 from night to night; nights before; least and most share of first nights on which 20 % is seen.
    [InlineData(0.01, 10, 0.999, 1)]
    [InlineData(0.02, 10, 0.89, 0.93)]
    [InlineData(0.03, 10, 0.37, 0.41)]
    [InlineData(0.05, 10, 0.03, 0.10)]
    [InlineData(0.02, 30, 0.995, 1)]
    [InlineData(0.03, 30, 0.85, 0.89)]
    [InlineData(0.05, 30, 0.19, 0.23)]
    public void A_slowdown_of_20_percent_is_seen_on_its_first_night_as_often_as_noise_allows(double deviation, int nights, double least, double most)
    {
        var seen = 0;
        Parallel.For(0, Runs, run =>
        {
            if (IsFlagged(new SampleRandom(32_000_000 + (ulong)run), nights, deviation, 1.2)) Interlocked.Increment(ref seen);
        });
        output.WriteLine($"seed 32000000 on: seen on {seen / (double)Runs:P1} of first nights, deviation {deviation:P0}, {nights} nights before");

        Assert.InRange(seen / (double)Runs, least, most);
    }

    // One of the series of a night, by the rule that nights are compared with.
    private static bool IsFlagged(SampleRandom random, int nights, double deviation, double factor)
    {
        var memory = new SeriesMemory(BadSide.Above, nights);
        for (var i = 0; i < nights; i++) memory.Add(P95(1));
        return memory.Compare(P95(factor), Alpha / Series).Worse;

        NightMeasure P95(double times) => new("p95", 150 * times * Math.Exp(deviation * random.Normal()), 300, "≤", BadSide.Above, "ms", 6_000, true, null, null);
    }
}
