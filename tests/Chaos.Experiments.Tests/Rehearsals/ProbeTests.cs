using Chaos.Experiments.Definitions;
using Chaos.Experiments.Rehearsals;
using Chaos.Journal.Events;
using Xunit;

namespace Chaos.Experiments.Tests.Rehearsals;

public sealed class ProbeTests
{
    private const long Origin = 1_700_000_000_000_000;

    private static readonly ProbeDefinition Errors = new("errors_per_s", true, 3, TimeSpan.FromSeconds(4), "bad-release", null);

    [Fact]
    public void A_rate_that_holds_is_found_and_measured()
    {
        var answer = Probes.Evaluate(Errors, Counter(10, _ => 5), At(10));
        Assert.Equal((true, 5.0, "/s"), (answer.Found, Math.Round(answer.Value!.Value, 6), answer.Unit));
        Assert.False(Probes.Evaluate(Errors with { Limit = 6 }, Counter(10, _ => 5), At(10)).Found);
        Assert.True(Probes.Evaluate(Errors with { IsAbove = false, Limit = 6 }, Counter(10, _ => 5), At(10)).Found);
    }

    [Fact]
    public void One_burst_is_no_finding_and_what_goes_on_is()
    {
        // A hundred errors within half a second: the rate over two seconds is 50 for two seconds, and the median of six is 0.
        var probe = Errors with { Over = TimeSpan.FromSeconds(6) };
        Assert.False(Probes.Evaluate(probe, Counter(12, t => t is >= 8 and < 8.5 ? 200 : 0), At(12)).Found);
        Assert.True(Probes.Evaluate(probe, Counter(12, t => t >= 6 ? 200 : 0), At(12)).Found);
    }

    [Fact]
    public void What_is_over_is_no_finding()
    {
        Assert.False(Probes.Evaluate(Errors, Counter(20, t => t < 12 ? 50 : 0), At(20)).Found);
    }

    [Fact]
    public void Without_readings_a_probe_does_not_answer_yes()
    {
        var answer = Probes.Evaluate(Errors with { IsAbove = false }, [], At(10));
        Assert.Equal((false, (double?)null, 0), (answer.Found, answer.Value, answer.Readings));
    }

    [Fact]
    public void A_process_that_has_ended_does_not_hide_what_the_others_do()
    {
        // The first process is heard first, and ends; its node is another process now.
        var gone = Counter(7, _ => 0, "eu.gateway-2");
        var there = Counter(14, _ => 5, "eu.gateway-2-v2");
        var answer = Probes.Evaluate(Errors, [.. gone, .. there], At(14));
        Assert.True(answer.Found, $"{answer}");
    }

    [Fact]
    public void A_probe_of_one_node_looks_at_that_node()
    {
        IReadOnlyList<MetricsSampled> samples = [.. Counter(10, _ => 0, "eu.gateway-1"), .. Counter(10, _ => 9, "eu.gateway-2")];
        Assert.False(Probes.Evaluate(Errors with { Node = "eu.gateway-1" }, samples, At(10)).Found);
        Assert.True(Probes.Evaluate(Errors with { Node = "eu.gateway-2" }, samples, At(10)).Found);
    }

    [Theory]
    [InlineData(54, 6, true, "connections eu 6 (10 %), us 54 (90 %)")]
    [InlineData(33, 27, false, "connections eu 27 (45 %), us 33 (55 %)")]
    public void A_region_that_is_full_beside_an_empty_one_is_found_by_the_share_of_connections(int us, int eu, bool found, string words)
    {
        var probe = new ProbeDefinition("imbalance_ratio", true, 1.5, TimeSpan.FromSeconds(4), "clients-elsewhere", null);
        // Both nodes of eu count together; only one of them has anybody.
        IReadOnlyList<MetricsSampled> samples = [.. Connections("eu.gateway-1", eu), .. Connections("eu.gateway-2", 0), .. Connections("us.gateway-1", us)];
        var answer = Probes.Evaluate(probe, samples, At(10));
        Assert.Equal((found, us / 30.0), (answer.Found, Math.Round(answer.Value!.Value, 6)));
        Assert.Equal(words, Probes.ByRegion(samples, At(10)));
    }

    [Fact]
    public void Of_one_region_and_of_no_readings_there_is_no_imbalance()
    {
        var probe = new ProbeDefinition("imbalance_ratio", true, 1.5, TimeSpan.FromSeconds(4), "clients-elsewhere", null);
        Assert.Equal((false, (double?)null), (Probes.Evaluate(probe, Connections("eu.gateway-1", 60), At(10)).Found, Probes.Evaluate(probe, [], At(10)).Value));
        Assert.Null(Probes.ByRegion(Connections("eu.gateway-1", 60), At(20)));
    }

    private static List<MetricsSampled> Connections(string node, int connections) =>
        [.. Enumerable.Range(0, 21).Select(i => new MetricsSampled(node, new Dictionary<string, double> { ["chaos_connections_active"] = connections }) { At = At(i * 0.5) })];

    private static long At(double seconds) => Origin + (long)(seconds * 1e6);

    /// <summary>A counter of errors that is read twice a second and grows by so many a second.</summary>
    private static List<MetricsSampled> Counter(double seconds, Func<double, double> perSecond, string part = "eu.gateway-1")
    {
        var (samples, total) = (new List<MetricsSampled>(), 0.0);
        for (var t = 0.0; t <= seconds; t += 0.5)
        {
            samples.Add(new MetricsSampled(part, new Dictionary<string, double> { ["chaos_errors_total{endpoint=\"publish\",code=\"103\"}"] = total }) { At = At(t) });
            total += perSecond(t) * 0.5;
        }

        return samples;
    }
}
