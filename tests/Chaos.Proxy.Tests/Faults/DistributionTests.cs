using Chaos.Proxy.Faults;
using Chaos.Proxy.Links;
using MathNet.Numerics.Distributions;

namespace Chaos.Proxy.Tests.Faults;

/// <summary>
/// Delays and losses are what they claim to be. Each test draws from a fixed seed, so it does not flicker; the levels are
/// such that a wrong formula fails by far.
/// </summary>
public sealed class DistributionTests
{
    private const int Count = 10_000;

    private const double ParetoShape = 3;

    // Kolmogorov–Smirnov at the 0.1 % level.
    private static readonly double KsLimit = 1.95 / Math.Sqrt(Count);

    private const int Steps = 100;
    private static readonly double[] NormalQuantiles = [.. Enumerable.Range(0, Steps).Select(i => Normal.InvCDF(0, 1, (i + 0.5) / Steps))];

    private static readonly double ParetoDeviation = Math.Sqrt(ParetoShape / ((ParetoShape - 1) * (ParetoShape - 1) * (ParetoShape - 2)));

    public static TheoryData<string, double, double, long> Cases()
    {
        var cases = new TheoryData<string, double, double, long>();
        foreach (var distribution in DelayDistribution.All)
        {
            foreach (var (latency, jitter) in new[] { (100.0, 10.0), (50.0, 15.0), (200.0, 1.0) })
            {
                for (var seed = 1L; seed <= 2; seed++) cases.Add(distribution, latency, jitter, seed);
            }
        }
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Delays_follow_their_distribution(string distribution, double latency, double jitter, long seed)
    {
        var key = StreamKey.For(seed, "f", 1, Direction.Upstream);
        var fault = new LatencyFault(new Delay(latency, jitter, distribution, 0, null));
        var drawn = Enumerable.Range(0, Count).Select(i => fault.Decide(key, i).DelayUs / 1000.0).Order().ToArray();
        var statistic = Ks(drawn, Cdf(distribution, latency, jitter));
        Assert.True(statistic < KsLimit, $"KS statistic {statistic:F4}, limit {KsLimit:F4}");
    }

    [Fact]
    public void A_correlated_delay_keeps_its_distribution_and_has_that_correlation()
    {
        const double Correlation = 0.5;
        var key = StreamKey.For(1, "f", 1, Direction.Upstream);
        var fault = new LatencyFault(new Delay(100, 10, "normal", Correlation, null));
        var drawn = Enumerable.Range(0, 50_000).Select(i => fault.Decide(key, i).DelayUs / 1000.0).ToArray();
        Assert.InRange(MathNet.Numerics.Statistics.Correlation.Pearson(drawn[..^1], drawn[1..]), Correlation - 0.02, Correlation + 0.02);
        // Every tenth is all but independent of the one before.
        var thinned = drawn.Where((_, i) => i % 10 == 0).Order().ToArray();
        Assert.True(Ks(thinned, Cdf("normal", 100, 10)) < 1.95 / Math.Sqrt(thinned.Length));
    }

    [Fact]
    public void A_trace_is_drawn_from_evenly()
    {
        var file = Path.GetTempFileName();
        File.WriteAllLines(file, Enumerable.Range(1, 10).Select(i => $"{i * 10}"));
        var errors = new List<string>();
        var trace = DelayTrace.Read(file, errors);
        File.Delete(file);
        Assert.Empty(errors);
        var fault = new LatencyFault(new Delay(0, 0, DelayTrace.Distribution, 0, trace));
        var key = StreamKey.For(1, "f", 1, Direction.Upstream);
        var counts = Enumerable.Range(0, Count).GroupBy(i => fault.Decide(key, i).DelayUs).ToDictionary(group => group.Key, group => group.Count());
        Assert.Equal([.. Enumerable.Range(1, 10).Select(i => i * 10_000L)], counts.Keys.Order());
        var chiSquare = counts.Values.Sum(n => Math.Pow(n - Count / 10.0, 2) / (Count / 10.0));
        Assert.True(chiSquare < ChiSquared.InvCDF(9, 0.999), $"chi-square {chiSquare}");
    }

    [Theory]
    [InlineData(0.01), InlineData(0.2), InlineData(0.5)]
    public void Independent_loss_has_its_rate_and_geometric_runs(double p)
    {
        var lost = Losses(new IndependentLoss(p, 0), 100_000);
        AssertRate(lost, p);
        var runs = Runs(lost).Where(run => run.Lost).Select(run => run.Length).ToArray();
        // A run of losses goes on with probability p: chi-square over lengths 1, 2 and more.
        double[] expected = [runs.Length * (1 - p), runs.Length * p * (1 - p), runs.Length * p * p];
        int[] seen = [runs.Count(n => n == 1), runs.Count(n => n == 2), runs.Count(n => n > 2)];
        var chiSquare = seen.Zip(expected, (n, e) => e < 5 ? 0 : (n - e) * (n - e) / e).Sum();
        Assert.True(chiSquare < ChiSquared.InvCDF(2, 0.999), $"chi-square {chiSquare}");
    }

    [Fact]
    public void Gilbert_Elliott_has_its_rate_its_bursts_and_its_gaps()
    {
        const double P = 0.02;
        const double R = 0.25;
        var lost = Losses(new GilbertElliottLoss(P, R, 1, 0), 200_000);
        Assert.InRange(Rate(lost), P / (P + R) * 0.95, P / (P + R) * 1.05);
        var runs = Runs(lost).ToArray();
        Assert.InRange(runs.Where(run => run.Lost).Average(run => run.Length), 0.95 / R, 1.05 / R);
        Assert.InRange(runs.Where(run => !run.Lost).Average(run => run.Length), 0.95 / P, 1.05 / P);
    }

    [Fact]
    public void Four_states_have_their_stationary_rate_and_equal_a_walk_from_the_start()
    {
        var process = new FourStateLoss(0.02, 0.3, 0.2, 0.5, 0.01);
        var lost = Losses(process, 200_000);
        // Balance of flows: good 1, burst losses p13/p31, received within bursts (p13/p31)(p32/p23), single losses p14.
        var burst = 0.02 / 0.3;
        var expected = (burst + 0.01) / (1 + burst + burst * 0.2 / 0.5 + 0.01);
        Assert.InRange(Rate(lost), expected * 0.95, expected * 1.05);
        Assert.Equal(expected, process.RepeatProbability, 9);
        // Without p14 and gaps it is the process of Gilbert, which has its own code.
        var simple = Losses(new FourStateLoss(0.02, 0.25, 0, 1, 0), 200_000);
        Assert.InRange(Runs(simple).Where(run => run.Lost).Average(run => run.Length), 3.8, 4.2);
    }

    private static double Ks(double[] sorted, Func<double, double> cdf) =>
        sorted.Select((x, i) => Math.Max(Math.Abs(cdf(x) - i / (double)sorted.Length), Math.Abs((i + 1) / (double)sorted.Length - cdf(x)))).Max();

    private static Func<double, double> Cdf(string distribution, double latency, double jitter)
    {
        Func<double, double> pareto = x => Unscaled(x) <= 1 ? 0 : 1 - Math.Pow(Unscaled(x), -ParetoShape);
        return distribution switch
        {
            "uniform" => x => Math.Clamp((x - latency + jitter) / (2 * jitter), 0, 1),
            "normal" => new Normal(latency, jitter).CumulativeDistribution,
            "lognormal" => LogNormal.WithMeanVariance(latency, jitter * jitter).CumulativeDistribution,
            "pareto" => pareto,
            _ => x => Mixture((x - latency) / jitter),
        };

        // A Pareto variable of minimum 1 was shifted and scaled to mean latency and standard deviation jitter.
        double Unscaled(double x) => (x - latency) / jitter * ParetoDeviation + ParetoShape / (ParetoShape - 1);
    }

    // A quarter of a normal and three quarters of a Pareto variable, both standardised: integrated over the normal's quantiles.
    private static double Mixture(double z)
    {
        var sum = 0.0;
        for (var i = 0; i < Steps; i++)
        {
            var y = (z - 0.25 * NormalQuantiles[i]) / 0.75 * ParetoDeviation + ParetoShape / (ParetoShape - 1);
            sum += y <= 1 ? 0 : 1 - Math.Pow(y, -ParetoShape);
        }
        return sum / Steps;
    }

    private static bool[] Losses(LossProcess process, int count)
    {
        var key = StreamKey.For(7, "loss", 1, Direction.Downstream);
        return [.. Enumerable.Range(0, count).Select(i => process.IsLost(key, i))];
    }

    private static double Rate(bool[] lost) => lost.Count(x => x) / (double)lost.Length;

    private static void AssertRate(bool[] lost, double p)
    {
        var deviation = Math.Sqrt(p * (1 - p) / lost.Length);
        Assert.InRange(Rate(lost), p - 4 * deviation, p + 4 * deviation);
    }

    private static IEnumerable<(bool Lost, int Length)> Runs(bool[] lost)
    {
        for (var i = 0; i < lost.Length;)
        {
            var start = i;
            while (i < lost.Length && lost[i] == lost[start]) i++;
            yield return (lost[start], i - start);
        }
    }
}
