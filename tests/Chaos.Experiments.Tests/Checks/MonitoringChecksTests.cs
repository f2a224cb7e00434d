using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;
using Xunit;

namespace Chaos.Experiments.Tests.Checks;

public sealed class MonitoringChecksTests
{
    private const string Accepted = "chaos_connections_total{outcome=\"connected\"}";

    [Fact]
    public void A_count_that_agrees_in_every_quiet_moment_is_met() => Assert.Equal(ExpectationOutcome.Met, Counted(t => t < 5_000 ? 0 : 20).Judge("count_agrees", new { count = "attempts" }).Outcome);

    [Theory]
    [InlineData(19)]
    [InlineData(21)]
    public void A_count_that_differs_by_one_breaks(double reported)
    {
        var result = Counted(t => t < 5_000 ? 0 : reported).Judge("count_agrees", new { count = "attempts" });
        Assert.Equal(ExpectationOutcome.Broken, result.Outcome);
        Assert.Contains($"the gateway reports {reported}", result.Sentence, StringComparison.Ordinal);
        Assert.Contains("counted 20", result.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Readings_while_something_happens_are_not_compared() =>
        // Wrong only within a second of the handshakes, which all come at 4.9 s.
        Assert.Equal(ExpectationOutcome.Met, Counted(t => t < 4_800 ? 0 : t < 5_800 ? 7 : 20).Judge("count_agrees", new { count = "attempts" }).Outcome);

    [Fact]
    public void Too_little_to_count_is_inconclusive() =>
        Assert.Equal(ExpectationOutcome.Inconclusive, Counted(t => t < 5_000 ? 0 : 20).Judge("count_agrees", new { count = "attempts", min_count = 21 }).Outcome);

    [Fact]
    public void Connections_that_closed_are_open_no_longer()
    {
        var builder = new JournalBuilder().Phased();
        var conns = Enumerable.Range(0, 20).Select(i => builder.Open($"c-{i}", 1_000)).ToList();
        foreach (var conn in conns.Take(5)) builder.Close($"c-{conn}", conn, 4_000);
        Sample(builder, t => ("chaos_connections_active", t <= 1_000 ? 0 : t < 4_000 ? 20 : 15));
        Assert.Equal(ExpectationOutcome.Met, builder.Judge("count_agrees", new { count = "active" }).Outcome);
    }

    [Theory]
    [InlineData("103", ExpectationOutcome.Met)]
    [InlineData("107", ExpectationOutcome.Broken)]
    public void Errors_are_compared_class_by_class(string code, ExpectationOutcome outcome)
    {
        var builder = new JournalBuilder().Phased();
        for (var i = 0; i < 20; i++) builder.Add(2_000 + i, new ClientPublishFailed("c-1", "acme:x", i, 103, "permission denied", 900));
        Sample(builder, t => ($"chaos_errors_total{{endpoint=\"publish\",code=\"{code}\"}}", t < 2_000 ? 0 : 20));
        Assert.Equal(outcome, builder.Judge("count_agrees", new { count = "errors" }).Outcome);
    }

    [Theory]
    [InlineData(0.12, ExpectationOutcome.Met)]
    [InlineData(0.06, ExpectationOutcome.Broken)]
    [InlineData(0.24, ExpectationOutcome.Broken)]
    public void Round_trips_agree_with_what_clients_measured(double upperSeconds, ExpectationOutcome outcome)
    {
        var builder = new JournalBuilder().Phased();
        for (var n = 0; n < 1_000; n++)
            builder.Add(4_000 + n, new ClientAcked("c-1", "acme:x", [n], [JournalBuilder.Us(3_885 + n)], [115_000 + (n % 10 * 100)]));
        for (var t = 0.0; t < 15_000; t += 500)
        {
            var count = t < 3_500 ? 0 : 1_000.0;
            var values = new Dictionary<string, double> { ["chaos_rtt_seconds_bucket{le=\"+Inf\"}"] = count };
            foreach (var le in new[] { 0.05, 0.06, 0.11, 0.12, 0.22, 0.24 })
                values[string.Create(System.Globalization.CultureInfo.InvariantCulture, $"chaos_rtt_seconds_bucket{{le=\"{le}\"}}")] = le >= upperSeconds ? count : 0;
            builder.Add(t, new MetricsSampled("eu.gateway-1", values));
        }

        Assert.Equal(outcome, builder.Judge("round_trip_agrees").Outcome);
    }

    public static TheoryData<string, string, string, string, int, ExpectationOutcome> Wires => new()
    {
        { "successes", Accepted, "chaos_proxy_handshakes_total{link=\"eu.clients\",status=\"101\",by=\"upstream\"}", "", 0, ExpectationOutcome.Met },
        { "successes", Accepted, "chaos_proxy_handshakes_total{link=\"eu.clients\",status=\"101\",by=\"upstream\"}", "", 1, ExpectationOutcome.Broken },
        // What a fault answered the gateway cannot know.
        { "refusals", "chaos_connections_total{outcome=\"refused_rate\"}", "chaos_proxy_handshakes_total{link=\"eu.clients\",status=\"503\",by=\"upstream\"}", "chaos_proxy_handshakes_total{link=\"eu.clients\",status=\"503\",by=\"fault\"}", 0, ExpectationOutcome.Met },
        { "active", "chaos_connections_active", "chaos_proxy_upstream_connections_active{link=\"eu.clients\",upstream=\"127.0.0.1:1\"}", "", 0, ExpectationOutcome.Met },
        { "active", "chaos_connections_active", "chaos_proxy_upstream_connections_active{link=\"eu.clients\",upstream=\"127.0.0.1:2\"}", "", 0, ExpectationOutcome.Broken },
        { "reconnects", "chaos_resumes_total{outcome=\"resumed\"}", "chaos_proxy_reconnects_total{link=\"eu.clients\"}", "", -1, ExpectationOutcome.Broken },
        { "disconnects", "chaos_disconnects_total{code=\"1006\"}", "chaos_proxy_disconnects_total{link=\"eu.clients\",code=\"1006\",by=\"fault\"}", "", 0, ExpectationOutcome.Met },
        { "disconnects", "chaos_disconnects_total{code=\"1001\"}", "chaos_proxy_disconnects_total{link=\"eu.clients\",code=\"1006\",by=\"fault\"}", "", 0, ExpectationOutcome.Broken },
    };

    [Theory]
    [MemberData(nameof(Wires))]
    public void What_the_gateway_reports_is_held_against_the_wire(string of, string gateway, string proxy, string besides, int off, ExpectationOutcome outcome)
    {
        var builder = new JournalBuilder().Phased().Add(-900, new PartStarted("eu.gateway-1", "gateway", "127.0.0.1:1", 1));
        for (var i = 0; i < 30; i++) builder.Open($"c-{i}", 4_900);
        for (var t = 0.0; t < 15_000; t += 500)
        {
            // While they come, nothing is compared.
            var (seen, reported) = t < 4_900 ? (0, 0) : t < 5_800 ? (30, 17) : (30, 30 + off);
            builder.Add(t, new MetricsSampled("eu.gateway-1", new Dictionary<string, double> { [gateway] = reported }));
            builder.Add(t + 2, new MetricsSampled("proxy", besides.Length == 0 ? new() { [proxy] = seen } : new Dictionary<string, double> { [proxy] = seen, [besides] = 9 }));
        }

        var result = builder.Judge("wire_agrees", new { of });
        Assert.True(result.Outcome == outcome, result.Sentence);
        Assert.Equal(ExpectationOutcome.Inconclusive, builder.Judge("wire_agrees", new { of, min_count = 32 }).Outcome);
    }

    [Theory]
    [InlineData(0.12, 0.12, ExpectationOutcome.Met)]
    [InlineData(0.11, 0.12, ExpectationOutcome.Met)]
    [InlineData(0.06, 0.12, ExpectationOutcome.Broken)]
    [InlineData(0.24, 0.12, ExpectationOutcome.Broken)]
    public void Round_trips_of_gateway_and_wire_lie_in_classes_that_meet(double gateway, double wire, ExpectationOutcome outcome)
    {
        var builder = new JournalBuilder().Phased();
        for (var t = 0.0; t < 15_000; t += 500)
        {
            builder.Add(t, new MetricsSampled("eu.gateway-1", Buckets("chaos_rtt_seconds_bucket{", gateway, t)));
            builder.Add(t, new MetricsSampled("proxy", Buckets("chaos_proxy_rtt_seconds_bucket{link=\"eu.clients\",", wire, t)));
        }

        Assert.Equal(outcome, builder.Judge("wire_agrees", new { of = "round_trips" }).Outcome);

        static Dictionary<string, double> Buckets(string metric, double upper, double t) => new double[] { 0.05, 0.06, 0.11, 0.12, 0.22, 0.24 }
            .Select(le => (Le: le.ToString(System.Globalization.CultureInfo.InvariantCulture), Count: le >= upper ? t : 0)).Append(("+Inf", t)).ToDictionary(b => $"{metric}le=\"{b.Item1}\"}}", b => b.Item2);
    }

    [Fact]
    public void Too_few_round_trips_are_inconclusive()
    {
        var builder = new JournalBuilder().Phased();
        builder.Add(4_000, new ClientAcked("c-1", "acme:x", [1], [JournalBuilder.Us(3_900)], [100_000]));
        Assert.Equal(ExpectationOutcome.Inconclusive, builder.Judge("round_trip_agrees").Outcome);
    }

    [Fact]
    public void An_indicator_that_rises_in_time_is_met_and_tells_when()
    {
        var result = Refusing().Judge("indicator", new { indicator = "refused_per_s", @is = "above", limit = 10, within_ms = 3000 }, "faults");
        Assert.True(result.Outcome == ExpectationOutcome.Met, result.Sentence);
        Assert.InRange(result.Deciding!.Value, 1_000, 3_000);
    }

    [Theory]
    [InlineData("refused_per_s", "above", 30, ExpectationOutcome.Broken)]
    [InlineData("refused_per_s", "below", 10, ExpectationOutcome.Broken)]
    [InlineData("refused_per_s", "below", 30, ExpectationOutcome.Met)]
    [InlineData("errors_per_s", "below", 1, ExpectationOutcome.Met)]
    [InlineData("dependency_p95_ms", "below", 1, ExpectationOutcome.Inconclusive)]
    public void An_indicator_is_compared_with_its_limit(string indicator, string @is, double limit, ExpectationOutcome outcome) =>
        Assert.Equal(outcome, Refusing().Judge("indicator", new { indicator, @is, limit }, "faults").Outcome);

    [Theory]
    [InlineData("upstream", ExpectationOutcome.Met)]
    [InlineData("redis", ExpectationOutcome.Broken)]
    [InlineData(null, ExpectationOutcome.Broken)]
    public void An_indicator_of_a_dependency_looks_at_that_one_alone(string? dependency, ExpectationOutcome outcome)
    {
        // 1,000 operations a second each: Redis takes under a millisecond, the upstream service up to a second.
        var builder = new JournalBuilder().Phased();
        for (var t = 0.0; t < 15_000; t += 500)
        {
            builder.Add(t, new MetricsSampled("eu.gateway-1", new Dictionary<string, double>
            {
                [Bucket("redis", "0.001")] = t, [Bucket("redis", "1")] = t, [Bucket("redis", "+Inf")] = t,
                [Bucket("upstream", "0.001")] = 0, [Bucket("upstream", "1")] = t, [Bucket("upstream", "+Inf")] = t,
            }));
        }

        Assert.Equal(outcome, builder.Judge("indicator", dependency is null
            ? new { indicator = "dependency_p50_ms", @is = "above", limit = 100 }
            : (object)new { indicator = "dependency_p50_ms", @is = "above", limit = 100, dependency }, "faults").Outcome);

        static string Bucket(string dependency, string le) => $"chaos_dependency_duration_seconds_bucket{{dependency=\"{dependency}\",le=\"{le}\"}}";
    }

    /// <summary>From 4 s on, 20 handshakes a second are refused; the faults phase begins at 3 s.</summary>
    private static JournalBuilder Refusing()
    {
        var builder = new JournalBuilder().Phased();
        Sample(builder, t => ("chaos_connections_total{outcome=\"refused_rate\"}", Math.Max(0, t - 4_000) / 50));
        return builder;
    }

    /// <summary>20 handshakes at 4.9 s, and what the gateway reports about them.</summary>
    private static JournalBuilder Counted(Func<double, double> reported)
    {
        var builder = new JournalBuilder().Phased();
        for (var i = 0; i < 20; i++) builder.Open($"c-{i}", 4_900);
        Sample(builder, t => (Accepted, reported(t)));
        return builder;
    }

    private static void Sample(JournalBuilder builder, Func<double, (string Key, double Value)> at)
    {
        for (var t = 0.0; t < 15_000; t += 500)
        {
            var (key, value) = at(t);
            builder.Add(t, new MetricsSampled("eu.gateway-1", new Dictionary<string, double> { [key] = value }));
        }
    }
}
