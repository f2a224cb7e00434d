using Chaos.Experiments.Alerts.Definitions;
using Chaos.Experiments.Alerts.OnCall;
using Chaos.Experiments.Files;
using Chaos.Experiments.Tests.Alerts;
using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;
using Xunit;

namespace Chaos.Experiments.Tests.Checks;

/// <summary>The store is away from 4 s to 9 s; alerts are evaluated once a second. Ana hands over to Bea on Mondays at nine.</summary>
public sealed class AlertChecksTests
{
    private const string Node = "eu.gateway-1";
    private const string Breaker = "chaos_breaker_state{dependency=\"redis\"}";

    private static readonly OnCallDefinition OnCall = new([new PersonDefinition("ana", "ana@example.com"), new PersonDefinition("bea", "bea@example.com")],
        [new TeamDefinition("gateway", "Gateways", "Europe/Berlin", [new RotationDefinition("weekly", ["ana", "bea"], new DateTime(2023, 1, 2, 9, 0, 0), 7, "Europe/Berlin")], [])]);

    private static readonly AlertDefinition Open = EvaluatorTests.Alert("gauge", """{"of":"chaos_breaker_state","above":1}""", 2, "open");
    private static readonly AlertDefinition Down = EvaluatorTests.Alert("unreachable", "{}", 2, "down");

    [Fact]
    public void An_alert_that_keeps_its_promise_is_met()
    {
        var result = Away(Opened).Judge("alert", new { alert = "open", compress = 1 }, "away");
        Assert.True(result.Outcome == ExpectationOutcome.Met, result.Sentence);
        Assert.Equal("open fired after 3.0 s, promised within 10.0 s, was resolved 1.0 s after the fault, limit 4.0 s, and went to bea of gateway as of 2023-11-14T22:13:27+00:00", result.Sentence);
    }

    [Fact]
    public void A_run_may_stand_for_a_longer_time()
    {
        var builder = Away(Opened, Open with { For = TimeSpan.FromSeconds(40), Within = TimeSpan.FromMinutes(3) });
        builder.Definition = builder.Definition with { Alerts = builder.Definition.Alerts! with { Alerts = builder.Definition.Alerts.Alerts with { Interval = TimeSpan.FromSeconds(20) } } };
        var result = builder.Judge("alert", new { alert = "open", compress = 20 }, "away");
        Assert.True(result.Outcome == ExpectationOutcome.Met, result.Sentence);
        Assert.Contains("fired after 3.0 s, promised within 9.0 s", result.Sentence, StringComparison.Ordinal);
    }

    public static TheoryData<string, object, string> Promises => new()
    {
        { "late", new { alert = "open", compress = 1, within_ms = 2_900 }, "fired after 3.0 s, promised within 2.9 s" },
        { "never", new { alert = "down", compress = 1 }, "down did not fire" },
        { "too long", new { alert = "open", compress = 1, resolves_ms = 900 }, "was resolved 1.0 s after the fault, limit 0.9 s" },
        { "another's", new { alert = "open", compress = 1, to = "ana" }, "went to bea of gateway, not to ana," },
        { "nobody's", new { alert = "open", compress = 1, clock = "2022-12-31T00:00+00:00" }, "went to nobody of gateway" },
    };

    [Theory]
    [MemberData(nameof(Promises))]
    public void A_promise_that_is_not_kept_breaks(string what, object options, string sentence)
    {
        var result = Away(Opened).Judge("alert", options, "away");
        Assert.True(result.Outcome == ExpectationOutcome.Broken, $"{what}: {result.Sentence}");
        Assert.Contains(sentence, result.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    // It fires 3 s after the fault begins: within the last second of Ana's turn, or with the first of Bea's.
    [InlineData("2023-01-09T08:59:56+01:00", "ana")]
    [InlineData("2023-01-09T08:59:57+01:00", "bea")]
    // The day after clocks went forward: nine in Berlin is seven in UTC, and was eight the week before.
    [InlineData("2023-03-27T06:59:56+00:00", "bea")]
    [InlineData("2023-03-27T06:59:57+00:00", "ana")]
    public void Across_a_handover_it_reaches_whoever_is_on_call_when_it_fires(string clock, string to)
    {
        Assert.Equal(ExpectationOutcome.Met, Away(Opened).Judge("alert", new { alert = "open", compress = 1, clock, to }, "away").Outcome);
        Assert.Equal(ExpectationOutcome.Broken, Away(Opened).Judge("alert", new { alert = "open", compress = 1, clock, to = to == "ana" ? "bea" : "ana" }, "away").Outcome);
    }

    [Fact]
    public void An_alert_without_a_hold_time_flaps_and_is_caught()
    {
        var flapping = (double t) => t is >= 5_000 and < 10_000 && t % 3_000 < 2_000 ? 2.0 : 0;
        var result = Away(flapping, Open with { For = TimeSpan.Zero }).Judge("alert", new { alert = "open", compress = 1 }, "away");
        Assert.Equal(ExpectationOutcome.Broken, result.Outcome);
        Assert.Contains("fired 2 times, at 2.0, 5.0 s", result.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void An_alert_that_fires_all_the_time_tells_of_no_fault()
    {
        var result = Away(_ => 2).Judge("alert", new { alert = "open", compress = 1 }, "away");
        Assert.Equal(ExpectationOutcome.Broken, result.Outcome);
        Assert.Contains("fired already when the fault began, was not resolved", result.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void An_alert_that_takes_missing_data_for_health_is_caught()
    {
        var builder = Phased(Open, Down);
        for (var t = 0.0; t < 15_000; t += 500)
        {
            if (t is >= 4_000 and < 9_000) builder.Add(t, new ProbeSampled($"{Node}.metrics", false, null, "it does not answer"));
            else builder.Metrics(t, Node, (Breaker, 0));
        }

        Assert.Equal(ExpectationOutcome.Broken, builder.Judge("alert", new { alert = "open", compress = 1 }, "away").Outcome);
        Assert.Equal(ExpectationOutcome.Met, builder.Judge("alert", new { alert = "down", compress = 1 }, "away").Outcome);
        Assert.Equal(ExpectationOutcome.Broken, builder.Judge("pages_nobody", new { compress = 1 }, "away").Outcome);
    }

    [Fact]
    public void A_run_that_is_too_short_says_nothing()
    {
        Assert.Equal(ExpectationOutcome.Inconclusive, Away(t => t >= 5_000 ? 2 : 0).Judge("alert", new { alert = "open", compress = 1, resolves_ms = 8_000 }, "away").Outcome);
        Assert.Equal(ExpectationOutcome.Inconclusive, Away(_ => 0).Judge("alert", new { alert = "open", compress = 1, within_ms = 20_000 }, "away").Outcome);
        Assert.Equal(ExpectationOutcome.Inconclusive, Phased(Open).Judge("alert", new { alert = "open", compress = 1 }, "away").Outcome);
    }

    public static TheoryData<string, AlertDelivered[], ExpectationOutcome, string> Deliveries => new()
    {
        { "as promised", [Told(6_900, 7_000), Told(9_900, 7_000, 10_000)], ExpectationOutcome.Met, "open fired after 3.0 s, promised within 10.0 s, was resolved 1.0 s after the fault, limit 4.0 s, and went to bea of gateway" },
        { "told again", [Told(6_900, 7_000), Told(8_000, 7_000), Told(9_900, 7_000, 10_000)], ExpectationOutcome.Met, "open fired after 3.0 s" },
        { "to somebody else", [Told(6_900, 7_000, to: "ana"), Told(9_900, 7_000, 10_000, "ana")], ExpectationOutcome.Broken, "went to ana of gateway, not to bea," },
        { "twice", [Told(5_500, 5_400), Told(6_400, 5_400, 6_300), Told(7_000, 6_900), Told(9_900, 6_900, 10_000)], ExpectationOutcome.Broken, "fired 2 times, at 1.4, 2.9 s" },
        { "without an end", [Told(6_900, 7_000)], ExpectationOutcome.Broken, "was not resolved" },
        { "of something else", [Told(6_900, 7_000) with { Alert = "down" }], ExpectationOutcome.Broken, "open did not fire" },
        { "never", [], ExpectationOutcome.Broken, "open did not fire" },
    };

    [Theory]
    [MemberData(nameof(Deliveries))]
    public void Where_alerts_were_delivered_it_is_judged_by_what_people_were_told(string what, AlertDelivered[] deliveries, ExpectationOutcome outcome, string sentence)
    {
        // The readings say that it fired, as always; what counts is what arrived.
        var builder = Away(Opened).Add(-500, new AlertingStarted("2.42.0", "0.25.0", 1, 500));
        foreach (var d in deliveries) builder.Add((d.At - JournalBuilder.OriginUs) / 1000.0, d);
        var result = builder.Judge("alert", new { alert = "open", compress = 1 }, "away");
        Assert.True(result.Outcome == outcome, $"{what}: {result.Sentence}");
        Assert.Contains(sentence, result.Sentence, StringComparison.Ordinal);
        Assert.Equal("alerts as Prometheus 2.42.0 evaluated and Alertmanager 0.25.0 delivered them", result.Statistic);
        Assert.Equal(deliveries.Length == 0 ? ExpectationOutcome.Met : ExpectationOutcome.Broken, builder.Judge("pages_nobody", new { compress = 1, min_readings = 5 }, "away").Outcome);
    }

    private static AlertDelivered Told(double atMs, double startMs, double? endMs = null, string to = "bea") =>
        new("open", "page", "gateway", to, endMs is null ? "firing" : "resolved", new Dictionary<string, string> { ["instance"] = Node }, "https://example.com", JournalBuilder.Us(startMs),
            endMs is { } end ? JournalBuilder.Us(end) : null) { At = JournalBuilder.Us(atMs) };

    [Fact]
    public void A_healthy_time_pages_nobody()
    {
        var result = Away(Opened).Judge("pages_nobody", new { compress = 20, min_readings = 5 }, "baseline");
        Assert.True(result.Outcome == ExpectationOutcome.Met, result.Sentence);
        Assert.Equal("none of 2 alerts fired in a time that stands for 1 minutes", result.Sentence);
    }

    [Fact]
    public void A_time_that_pages_somebody_breaks_and_names_the_alert()
    {
        var result = Away(Opened).Judge("pages_nobody", new { compress = 1, min_readings = 5 }, "run");
        Assert.Equal((ExpectationOutcome.Broken, "fired though nothing should: open"), (result.Outcome, result.Sentence));
        Assert.Equal(ExpectationOutcome.Inconclusive, Away(Opened).Judge("pages_nobody", new { compress = 1, severity = "ticket" }, "run").Outcome);
        Assert.Equal(ExpectationOutcome.Inconclusive, Away(Opened).Judge("pages_nobody", new { compress = 1, min_readings = 100 }, "baseline").Outcome);
    }

    [Fact]
    public void Alerts_and_owners_survive_the_journal()
    {
        var definition = Away(Opened).Definition;
        var back = DefinitionJson.FromJson(DefinitionJson.ToJson(definition));
        Assert.Equal(DefinitionJson.ToJson(definition).GetRawText(), DefinitionJson.ToJson(back).GetRawText());
        Assert.Equal(TimeSpan.FromSeconds(2), back.Alerts!.Alerts.Alerts[0].For);
        Assert.Equal(new DateTime(2023, 1, 2, 9, 0, 0), back.Alerts.OnCall.Teams[0].Rotations[0].Begins);
    }

    private static double Opened(double t) => t is >= 5_000 and < 10_000 ? 2 : 0;

    private static JournalBuilder Away(Func<double, double> breaker, AlertDefinition? open = null)
    {
        var builder = Phased(open ?? Open, Down);
        for (var t = 0.0; t < 15_000; t += 500) builder.Metrics(t, Node, (Breaker, breaker(t)));
        return builder;
    }

    private static JournalBuilder Phased(params AlertDefinition[] alerts)
    {
        var builder = new JournalBuilder().Phased().Fault("away", "down", 4_000, 9_000, "eu.redis");
        builder.Definition = builder.Definition with { Alerts = new OwnedAlerts(EvaluatorTests.Alerts(alerts), OnCall) };
        return builder;
    }
}
