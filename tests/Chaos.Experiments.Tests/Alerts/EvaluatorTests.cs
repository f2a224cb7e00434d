using Chaos.Experiments.Alerts.Definitions;
using Chaos.Experiments.Alerts.Evaluation;
using Chaos.Experiments.Tests.Checks;
using Chaos.Journal.Events;
using Xunit;

namespace Chaos.Experiments.Tests.Alerts;

/// <summary>Pending, firing, resolved: when, on journals in which it is known. Readings are taken twice a second, alerts evaluated once.</summary>
public sealed class EvaluatorTests
{
    private const string Node = "eu.gateway-1";
    private const string Breaker = "chaos_breaker_state{dependency=\"redis\"}";

    [Fact]
    public void An_alert_fires_after_its_hold_time_and_is_resolved_when_the_condition_ends()
    {
        var builder = Sampled((Breaker, t => t is >= 5_000 and < 12_000 ? 2 : 0));
        Assert.Equal(["5 Pending", "8 Firing", "12 Resolved"], Changes(builder, Open(hold: 3)));
    }

    [Fact]
    public void What_is_over_before_the_hold_time_never_fires()
    {
        var builder = Sampled((Breaker, t => t is >= 5_000 and < 8_000 ? 2 : 0));
        Assert.Equal(["5 Pending", "8 Dropped"], Changes(builder, Open(hold: 4)));
    }

    [Fact]
    public void Without_a_hold_time_every_blink_fires()
    {
        var builder = Sampled((Breaker, t => t is >= 5_000 and < 12_000 && t % 4_000 < 2_000 ? 2 : 0));
        Assert.Equal(2, Changes(builder, Open(hold: 0)).Count(c => c.EndsWith("Firing", StringComparison.Ordinal)));
        Assert.DoesNotContain(Changes(builder, Open(hold: 3)), c => c.EndsWith("Firing", StringComparison.Ordinal));
    }

    [Fact]
    public void An_alert_that_keeps_firing_bridges_a_gap()
    {
        var builder = Sampled((Breaker, t => t is >= 3_000 and < 6_000 or >= 8_000 and < 10_000 ? 2 : 0));
        Assert.Equal(["3 Pending", "4 Firing", "13 Resolved"], Changes(builder, Open(hold: 1) with { KeepFiringFor = TimeSpan.FromSeconds(3) }));
    }

    [Fact]
    public void A_compressed_run_fires_as_much_sooner()
    {
        var builder = Sampled((Breaker, t => t is >= 5_000 and < 12_000 ? 2 : 0));
        var alerts = new AlertsDefinition("chaos-gateway", TimeSpan.FromSeconds(20), [Open(hold: 60)]);
        Assert.Equal(["5 Pending", "8 Firing", "12 Resolved"], Run(builder, alerts, 20));
    }

    [Fact]
    public void A_node_that_does_not_answer_is_an_alert()
    {
        var builder = new JournalBuilder().Phased();
        for (var t = 0.0; t < 15_000; t += 500)
        {
            if (t is >= 4_000 and < 9_000) builder.Add(t, new ProbeSampled($"{Node}.metrics", false, null, "it does not answer"));
            else builder.Metrics(t, Node, (Breaker, 0));
        }

        Assert.Equal(["4 Pending", "6 Firing", "9 Resolved"], Changes(builder, Alert("unreachable", "{}", hold: 2)));
        // And what it reported before is not taken for what it reports now.
        Assert.Equal(["4 Pending", "6 Firing", "9 Resolved"], Changes(builder, Alert("absent", """{"of":["chaos_breaker_state"]}""", hold: 2)));
    }

    [Theory]
    [InlineData("killed", true)]
    [InlineData("drained", false)]
    public void A_node_that_was_killed_is_an_alert_and_one_that_was_drained_is_not(string how, bool fires)
    {
        var builder = new JournalBuilder().Phased();
        for (var t = 0.0; t < 15_000; t += 500)
        {
            builder.Metrics(t, "eu.gateway-2", (Breaker, 0));
            if (t is < 4_000 or >= 9_000) builder.Metrics(t, Node, (Breaker, 0));
        }

        builder.Add(4_000, new PartEnded(Node, "gateway", 0, true)).Add(4_000, new NodeLeft("f", 0, Node, Node, how, 3, 0, JournalBuilder.Us(4_000), 0));
        Assert.Equal(fires ? ["4 Pending", "6 Firing", "9 Resolved"] : [], Changes(builder, Alert("unreachable", "{}", hold: 2)));
    }

    [Fact]
    public void A_run_without_any_reading_after_the_first_is_blind_and_says_so()
    {
        var builder = new JournalBuilder().Phased().Metrics(0, Node, (Breaker, 0)).Add(500, new PartEnded(Node, "gateway", 137, false));
        Assert.Equal(["1 Pending", "3 Firing"], Changes(builder, Alert("unreachable", "{}", hold: 2)));
    }

    [Fact]
    public void A_share_of_nothing_that_ever_succeeded_is_zero_and_not_silence()
    {
        var builder = Sampled(("chaos_connections_total{outcome=\"refused_rate\"}", t => t / 100));
        Assert.Equal(["1 Pending", "3 Firing"], Changes(builder, Alert("ratio", """{"of":"chaos_connections_total{outcome=\"connected\"}","to":"chaos_connections_total","window":"5s","below":0.9}""", hold: 2)));
    }

    [Fact]
    public void Label_sets_are_alerts_of_their_own_and_one_trouble_for_their_owner()
    {
        var builder = new JournalBuilder().Phased();
        for (var t = 0.0; t < 15_000; t += 500)
        {
            builder.Metrics(t, "eu.gateway-1", (Breaker, t is >= 3_000 and < 8_000 ? 2 : 0));
            builder.Metrics(t, "eu.gateway-2", (Breaker, t is >= 6_000 and < 11_000 ? 2 : 0));
        }

        var alerts = Alerts(Open(hold: 1));
        var changes = AlertEvaluator.Run(alerts, RecordedSeries.Of(builder.Events, alerts.Job), JournalBuilder.OriginUs / 1000, (JournalBuilder.OriginUs / 1000) + 15_000);
        Assert.Equal(4, changes.Count(c => c.State is AlertState.Firing or AlertState.Resolved));
        var firing = Assert.Single(AlertEvaluator.Firings(changes));
        Assert.Equal((4_000, 11_000), (firing.FromMs - (JournalBuilder.OriginUs / 1000), firing.ToMs - (JournalBuilder.OriginUs / 1000)));
        Assert.Equal(["{dependency=\"redis\",instance=\"eu.gateway-1\"}", "{dependency=\"redis\",instance=\"eu.gateway-2\"}"], firing.Labels.Select(l => l.Text));
    }

    [Fact]
    public void A_journal_gives_the_same_again()
    {
        var builder = Sampled((Breaker, t => t is >= 5_000 and < 12_000 ? 2 : 0));
        Assert.Equal(Changes(builder, Open(hold: 3)), Changes(builder, Open(hold: 3)));
    }

    private static AlertDefinition Open(double hold) => Alert("gauge", """{"of":"chaos_breaker_state","above":1,"per":["instance","dependency"]}""", hold);

    internal static AlertDefinition Alert(string condition, string options, double hold, string name = "a") => new()
    {
        Name = name, Title = "Something is wrong.", Condition = condition, Options = System.Text.Json.Nodes.JsonNode.Parse(options)!.AsObject(), For = TimeSpan.FromSeconds(hold), Within = TimeSpan.FromSeconds(10),
        Severity = Severities.Page, Team = "gateway", Runbook = "https://example.com",
    };

    internal static AlertsDefinition Alerts(params AlertDefinition[] alerts) => new("chaos-gateway", TimeSpan.FromSeconds(1), alerts);

    private static JournalBuilder Sampled(params (string Key, Func<double, double> At)[] series)
    {
        var builder = new JournalBuilder().Phased();
        for (var t = 0.0; t < 15_000; t += 500) builder.Metrics(t, Node, [.. series.Select(s => (s.Key, s.At(t)))]);
        return builder;
    }

    private static List<string> Changes(JournalBuilder builder, AlertDefinition alert) => Run(builder, Alerts(alert), 1);

    private static List<string> Run(JournalBuilder builder, AlertsDefinition alerts, double compress)
    {
        var origin = JournalBuilder.OriginUs / 1000;
        return [.. AlertEvaluator.Run(alerts, RecordedSeries.Of(builder.Events, alerts.Job), origin, origin + 14_500, compress).Select(c => $"{(c.AtMs - origin) / 1000} {c.State}")];
    }
}
