using Chaos.Journal.Verdicts;
using Xunit;

namespace Chaos.Experiments.Tests.Checks;

public sealed class DependencyChecksTests
{
    private const string Requests = "chaos_dependency_requests_total{dependency=\"redis\",outcome=\"ok\"}";
    private const string Failed = "chaos_dependency_requests_total{dependency=\"redis\",outcome=\"rejected\"}";
    private const string Attempts = "chaos_dependency_attempts_total{dependency=\"redis\"}";
    private const string Rejected = "chaos_dependency_rejected_total{dependency=\"redis\",reason=\"breaker\"}";
    private const string State = "chaos_breaker_state{dependency=\"redis\"}";
    private const string HalfOpen = "chaos_breaker_transitions_total{dependency=\"redis\",to=\"half_open\"}";
    private const string Probes = "chaos_breaker_probes_total{dependency=\"redis\"}";

    [Theory]
    [InlineData(1_100, ExpectationOutcome.Met)]
    [InlineData(1_119, ExpectationOutcome.Met)]
    [InlineData(1_200, ExpectationOutcome.Broken)]
    [InlineData(9_000, ExpectationOutcome.Broken)]
    public void Amplification_is_attempts_over_operations(double attempts, ExpectationOutcome expected) =>
        Assert.Equal(expected, Down().Metrics(3_900, "g1", (Requests, 500), (Attempts, 500))
            .Metrics(8_900, "g1", (Requests, 600), (Failed, 900), (Attempts, 500 + attempts)).Judge("amplification", during: "down").Outcome);

    [Fact]
    public void Amplification_sums_over_nodes_and_survives_a_restart()
    {
        var builder = Down();
        builder.Metrics(3_900, "g1", (Requests, 5_000), (Attempts, 5_000)).Metrics(8_900, "g1", (Requests, 300), (Attempts, 320));
        builder.Metrics(3_900, "g2", (Requests, 100), (Attempts, 100)).Metrics(8_900, "g2", (Requests, 400), (Attempts, 410));
        var result = builder.Judge("amplification", during: "down");
        Assert.Equal((630 - 20) / 600.0, result.Deciding!.Value, 9);
        Assert.Equal(600, result.Deciding.Sample);
    }

    [Theory]
    [InlineData(140, ExpectationOutcome.Met)]
    [InlineData(500, ExpectationOutcome.Broken)]
    public void An_open_breaker_does_not_hide_what_the_rest_is_multiplied_by(double attempts, ExpectationOutcome expected) =>
        Assert.Equal(expected, Down().Metrics(3_900, "g1", (Requests, 0), (Attempts, 0), (Rejected, 0))
            .Metrics(8_900, "g1", (Requests, 5_000), (Rejected, 4_880), (Attempts, attempts)).Judge("amplification", during: "down").Outcome);

    [Fact]
    public void Amplification_over_few_operations_is_inconclusive()
    {
        Assert.Equal(ExpectationOutcome.Inconclusive, Down().Judge("amplification", during: "down").Outcome);
        Assert.Equal(ExpectationOutcome.Inconclusive, Down().Metrics(3_900, "g1", (Requests, 5), (Attempts, 5)).Metrics(8_900, "g1", (Requests, 50), (Attempts, 50))
            .Judge("amplification", during: "down").Outcome);
    }

    [Theory]
    [InlineData(6_000, ExpectationOutcome.Met)]
    [InlineData(6_500, ExpectationOutcome.Met)]
    [InlineData(7_000, ExpectationOutcome.Broken)]
    [InlineData(1e9, ExpectationOutcome.Broken)]
    public void A_breaker_opens_within_its_limit_and_one_reading(double openAt, ExpectationOutcome expected)
    {
        var builder = Down();
        for (double ms = 500; ms < 9_500; ms += 500) builder.Metrics(ms, "g1", (Requests, ms), (State, ms >= openAt ? 2 : 0));
        Assert.Equal(expected, builder.Judge("breaker_opens", new { within_ms = 2_000 }, "down").Outcome);
    }

    [Fact]
    public void A_node_whose_breaker_stays_closed_breaks_it_though_another_opens()
    {
        var builder = Down();
        for (double ms = 500; ms < 9_500; ms += 500)
            builder.Metrics(ms, "g1", (Requests, ms), (State, ms >= 5_000 ? 2 : 0)).Metrics(ms, "g2", (Requests, ms), (State, 0));
        Assert.Equal(ExpectationOutcome.Broken, builder.Judge("breaker_opens", new { within_ms = 2_000 }, "down").Outcome);
    }

    [Fact]
    public void A_breaker_without_readings_is_inconclusive() =>
        Assert.Equal(ExpectationOutcome.Inconclusive, Down().Judge("breaker_opens", new { within_ms = 2_000 }, "down").Outcome);

    [Theory]
    [InlineData(3, 3, ExpectationOutcome.Met)]
    [InlineData(3, 4, ExpectationOutcome.Broken)]
    [InlineData(0, 0, ExpectationOutcome.Inconclusive)]
    public void A_half_open_breaker_admits_its_probes_and_no_more(double halfOpen, double probes, ExpectationOutcome expected) =>
        Assert.Equal(expected, Down().Metrics(3_900, "g1", (State, 0)).Metrics(8_900, "g1", (HalfOpen, halfOpen), (Probes, probes)).Judge("breaker_probes", during: "down").Outcome);

    [Theory]
    [InlineData(9_200, 0, ExpectationOutcome.Met)]
    [InlineData(11_500, 0, ExpectationOutcome.Broken)]
    [InlineData(9_200, 3, ExpectationOutcome.Broken)]
    [InlineData(1e9, 0, ExpectationOutcome.Broken)]
    public void A_system_recovers_soon_and_wholly(double firstAck, int dropOneIn, ExpectationOutcome expected)
    {
        var builder = Down();
        var items = Enumerable.Range(1, 1_300).Select(n => ((long)n, n * 10.0, 5.0)).Where(i => i.Item2 < 4_000 || i.Item2 >= firstAck)
            .Where(i => i.Item2 < 4_000 || dropOneIn == 0 || i.Item1 % dropOneIn != 0);
        Assert.Equal(expected, builder.Ack("feed-0001", [.. items]).Judge("recovers", new { within_ms = 1_000 }, "down").Outcome);
    }

    [Fact]
    public void Recovery_without_a_baseline_to_compare_is_inconclusive()
    {
        Assert.Equal(ExpectationOutcome.Inconclusive, Down().Judge("recovers", new { within_ms = 1_000 }, "down").Outcome);
        Assert.Equal(ExpectationOutcome.Inconclusive, Down().Ack("feed-0001", (1, 9_100, 5)).Judge("recovers", new { within_ms = 3_500 }, "down").Outcome);
    }

    private static JournalBuilder Down() => new JournalBuilder().Phased(recovery: 9_000).Fault("down", "down", 4_000, 9_000, "eu.redis");
}
