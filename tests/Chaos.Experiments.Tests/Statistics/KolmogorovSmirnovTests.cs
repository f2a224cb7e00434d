using Chaos.Client.Randomness;
using Chaos.Experiments.Statistics;
using Xunit;

namespace Chaos.Experiments.Tests.Statistics;

public sealed class KolmogorovSmirnovTests
{
    [Fact]
    public void D_is_the_largest_distance_between_the_distribution_functions() =>
        Assert.Equal(0.3, KolmogorovSmirnov.TestUniform([0.7, 0.1, 0.4], 0, 1).D, 12);

    [Theory]
    // Miller, "Table of percentage points of Kolmogorov statistics", JASA 51 (1956).
    [InlineData(10, 0.05, 0.409)]
    [InlineData(10, 0.01, 0.489)]
    [InlineData(50, 0.05, 0.188)]
    [InlineData(100, 0.01, 0.161)]
    // 1.949/√N, less Stephens' correction.
    [InlineData(200, 0.001, 0.137)]
    [InlineData(300, 0.001, 0.112)]
    public void Critical_values_are_those_of_the_tables(int n, double alpha, double expected) => Assert.Equal(expected, KolmogorovSmirnov.Critical(n, alpha), 0.002);

    [Fact]
    public void A_sample_at_the_critical_value_has_that_probability()
    {
        // A sample shifted by D as a whole: its D is the shift plus half a step.
        const int n = 400;
        var critical = KolmogorovSmirnov.Critical(n, 0.01);
        var shifted = Enumerable.Range(0, n).Select(i => (i + 0.5) / n + critical - 0.5 / n);
        Assert.Equal(0.01, KolmogorovSmirnov.TestUniform(shifted, 0, 1).P, 0.0005);
    }

    [Fact]
    public void An_empty_sample_is_refused() => Assert.Throws<ArgumentException>(() => KolmogorovSmirnov.TestUniform([], 0, 1));

    [Fact]
    public void It_raises_a_false_alarm_as_often_as_it_says()
    {
        const int runs = 10_000, n = 100;
        var random = SeedTree.Stream(1, "ks");
        var critical = KolmogorovSmirnov.Critical(n, 0.01);
        var alarms = Enumerable.Range(0, runs).Count(_ => KolmogorovSmirnov.TestUniform(Enumerable.Range(0, n).Select(_ => random.NextDouble()), 0, 1).D > critical);

        // 100 expected; 4 standard deviations either way.
        Assert.InRange(alarms, 60, 140);
    }
}
