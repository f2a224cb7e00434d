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
    [InlineData(9, 0.05, 1.833)]
    [InlineData(9, 0.0005, 4.781)]
    [InlineData(29, 0.01, 2.462)]
    [InlineData(6, 0.0005, 5.959)]
    public void Critical_values_are_those_of_the_tables(int freedom, double alpha, double expected) => Assert.Equal(expected, NewValue.Critical(freedom, alpha), 3);

    [Fact]
    public void A_limit_is_the_mean_and_t_times_the_spread_of_a_further_value()
    {
        // Mean 3, standard deviation 1.5811, t(0.95; 4) = 2.1318, √(1 + 1/5) = 1.0954.
        var limits = NewValue.Of([1, 2, 3, 4, 5], 0.05);

        Assert.Equal(3 + (2.1318 * 1.5811 * 1.0954), limits.High, 3);
        Assert.Equal(3 - (2.1318 * 1.5811 * 1.0954), limits.Low, 3);
        Assert.Equal(0.05, NewValue.ChanceAbove([1, 2, 3, 4, 5], limits.High), 6);
    }

    [Fact]
    public void The_spread_of_others_counts_as_many_nights_as_it_is_worth()
    {
        // Own variance 2.5 with 4 degrees, a common one of 1 with 6: 1.6 with 10. t(0.95; 10) = 1.8125.
        var limits = NewValue.Of([1, 2, 3, 4, 5], 0.05, new SpreadPrior(1, 6));

        Assert.Equal(3 + (1.8125 * Math.Sqrt(1.6 * 1.2)), limits.High, 3);
        Assert.Equal(0.05, NewValue.ChanceAbove([1, 2, 3, 4, 5], limits.High, new SpreadPrior(1, 6)), 6);
    }

    [Theory]
    // Abramowitz and Stegun, table 6.1, and pi squared over 6 and 2.
    [InlineData(1, 1.6449340668)]
    [InlineData(0.5, 4.9348022005)]
    [InlineData(2, 0.6449340668)]
    [InlineData(20, 0.0512708230)]
    public void Trigamma_is_that_of_the_tables(double x, double expected) => Assert.Equal(expected, SpreadPrior.Trigamma(x), 8);

    [Fact]
    public void Numbers_that_spread_alike_lend_each_other_much_and_unlike_or_few_ones_little()
    {
        Assert.Equal(SpreadPrior.MostFreedom, Median(seed => Prior(seed, 90, _ => 0.03)).Freedom);
        Assert.InRange(Math.Sqrt(Median(seed => Prior(seed, 90, _ => 0.03)).Variance), 0.028, 0.032);
        Assert.InRange(Median(seed => Prior(seed, 8, _ => 0.03)).Freedom, 5, 29);
        Assert.InRange(Median(seed => Prior(seed, 90, i => 0.01 * Math.Pow(10, i / 90.0))).Freedom, 1, 5);
        Assert.Equal(SpreadPrior.None, Prior(1, SpreadPrior.LeastSeries - 1, _ => 0.03));

        static SpreadPrior Median(Func<ulong, SpreadPrior> of) => Enumerable.Range(1, 21).Select(seed => of((ulong)seed)).OrderBy(p => p.Freedom).ElementAt(10);

        static SpreadPrior Prior(ulong seed, int series, Func<int, double> deviation)
        {
            var random = new SampleRandom(33_000_000 + seed);
            return SpreadPrior.Of([.. Enumerable.Range(0, series).Select(i => (NewValue.Variance([.. Enumerable.Range(0, 10).Select(_ => deviation(i) * random.Normal())]), 9))]);
        }
    }

    public static TheoryData<string, int> Nights => new() { { "alike", 7 }, { "alike", 10 }, { "alike", 30 }, { "two kinds", 10 }, { "unlike", 7 }, { "unlike", 10 }, { "unlike", 30 }, { "few", 10 } };

    [Theory]
    [MemberData(nameof(Nights))]
    public void Of_10_000_nights_on_which_nothing_changed_no_more_than_the_stated_share_flags_anything(string kind, int nights)
    {
        var flagged = 0;
        Parallel.For(0, Runs, run =>
        {
            if (Flagged(31_000_000 + (ulong)run, Deviations(kind), nights, 0, 1).Any) Interlocked.Increment(ref flagged);
        });
        output.WriteLine($"seed 31000000 on: {flagged} of {Runs} nights flagged, {nights} nights before each, numbers {kind}");

        // 0.5 % is 50, and 4 standard deviations above it are 78. That a value must be beyond all before makes it fewer.
        Assert.InRange(flagged, 5, 78);
    }

    [Theory]
    // Standard deviation of p95 from night to night, and whether those of the other 89 numbers are alike; nights before; least share of first nights on which 20 % is seen.
    [InlineData(0.01, "alike", 10, 0.999)]
    [InlineData(0.02, "alike", 10, 0.999)]
    [InlineData(0.03, "alike", 10, 0.9)]
    [InlineData(0.04, "alike", 10, 0.45)]
    [InlineData(0.05, "alike", 10, 0.1)]
    [InlineData(0.02, "unlike", 10, 0.94)]
    [InlineData(0.03, "unlike", 10, 0.4)]
    [InlineData(0.05, "unlike", 10, 0.02)]
    [InlineData(0.02, "alike", 30, 0.99)]
    [InlineData(0.02, "unlike", 30, 0.99)]
    [InlineData(0.03, "alike", 30, 0.89)]
    [InlineData(0.05, "alike", 30, 0.2)]
    [InlineData(0.03, "unlike", 30, 0.85)]
    [InlineData(0.05, "unlike", 30, 0.15)]
    public void A_slowdown_of_20_percent_is_seen_on_its_first_night_as_often_as_noise_allows(double deviation, string kind, int nights, double least)
    {
        var seen = 0;
        Parallel.For(0, Runs, run =>
        {
            double[] deviations = [deviation, .. (kind == "alike" ? Enumerable.Repeat(deviation, Series - 1) : Deviations(kind).Skip(1))];
            if (Flagged(32_000_000 + (ulong)run, deviations, nights, 0, 1.2).First) Interlocked.Increment(ref seen);
        });
        output.WriteLine($"seed 32000000 on: seen on {seen / (double)Runs:P1} of first nights, deviation {deviation:P0}, others {kind}, {nights} nights before");

        Assert.InRange(seen / (double)Runs, least, 1);
    }

    private static double[] Deviations(string kind) => kind switch
    {
        "alike" => [.. Enumerable.Repeat(0.05, Series)],
        "two kinds" => [.. Enumerable.Range(0, Series).Select(i => i % 10 == 0 ? 0.1 : 0.01)],
        // From 1 % to 10 %, evenly on a logarithmic scale.
        "unlike" => [.. Enumerable.Range(0, Series).Select(i => 0.01 * Math.Pow(10, i / (double)Series))],
        "few" => [.. Enumerable.Range(0, 6).Select(i => i < 4 ? 0.02 : 0.08)],
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    // A night of numbers of one check, by the rules that nights are compared with. One of them has changed.
    private static (bool Any, bool First) Flagged(ulong seed, double[] deviations, int nights, int changed, double factor)
    {
        var random = new SampleRandom(seed);
        var memories = deviations.Select(_ => new SeriesMemory(BadSide.Above, nights)).ToList();
        for (var s = 0; s < memories.Count; s++)
        {
            for (var i = 0; i < nights; i++) memories[s].Add(P95(1, deviations[s]));
        }

        var prior = SpreadPrior.Of([.. memories.Select(m => m.Spread)]);
        bool[] worse = [.. memories.Select((m, s) => m.Compare(P95(s == changed ? factor : 1, deviations[s]), Alpha / deviations.Length, prior).Worse)];
        return (worse.Any(w => w), worse[changed]);

        NightMeasure P95(double times, double deviation) => new("p95", 150 * times * Math.Exp(deviation * random.Normal()), 300, "≤", BadSide.Above, "ms", 6_000, true, null, null);
    }
}
