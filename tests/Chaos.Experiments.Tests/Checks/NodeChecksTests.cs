using Chaos.Experiments.Definitions;
using Chaos.Experiments.Verdicts;
using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;
using Xunit;

namespace Chaos.Experiments.Tests.Checks;

/// <summary>What is judged where nodes are drained and replaced.</summary>
public sealed class NodeChecksTests
{
    private const int Sessions = 40;
    private const double Told = 4_000, WindowMs = 2_000;

    [Fact]
    public void A_drain_that_is_spread_meets_drain()
    {
        var result = Drained(i => i * WindowMs / Sessions).Judge("drain");
        Assert.True(result.Outcome == ExpectationOutcome.Met, result.Sentence);
        Assert.Equal("eu.gateway-2 told 40 of 40 sessions to go, at most 10 % of them within a tenth of its 2 s, limit 30 %; 0 were left when it was stopped", result.Sentence);
    }

    [Fact]
    public void Sessions_that_are_closed_together_break_it()
    {
        Assert.Equal(ExpectationOutcome.Broken, Drained(_ => 10).Judge("drain").Outcome);
        // A third of them in one tenth of the window is the least that is too much.
        Assert.Equal(ExpectationOutcome.Broken, Drained(i => i < 13 ? 410 : i * WindowMs / Sessions).Judge("drain").Outcome);
        Assert.Equal(ExpectationOutcome.Met, Drained(i => i < 8 ? 10 : i * WindowMs / Sessions).Judge("drain").Outcome);
    }

    [Fact]
    public void Sessions_that_are_not_told_or_that_are_left_break_it()
    {
        Assert.Equal(ExpectationOutcome.Broken, Drained(i => i * WindowMs / Sessions, left: 1).Judge("drain").Outcome);
        Assert.Equal(ExpectationOutcome.Broken, Drained(i => i * WindowMs / Sessions, code: 1006).Judge("drain").Outcome);
        Assert.Equal(ExpectationOutcome.Broken, Drained(i => i * WindowMs / Sessions, windowMs: 0).Judge("drain").Outcome);
    }

    [Fact]
    public void A_broken_drain_counts_though_the_next_has_too_few_sessions()
    {
        var next = new NodeLeft("v2", 0, "eu.gateway-2", "eu.gateway-2-v2", "drained", 0, 0, JournalBuilder.Us(8_000), (int)WindowMs);
        Assert.Equal(ExpectationOutcome.Broken, Drained(_ => 10).Add(8_100, next).Judge("drain").Outcome);
        Assert.Equal(ExpectationOutcome.Inconclusive, Drained(i => i * WindowMs / Sessions).Add(8_100, next).Judge("drain").Outcome);
    }

    [Fact]
    public void Without_a_drain_it_is_inconclusive() => Assert.Equal(ExpectationOutcome.Inconclusive, new JournalBuilder().Phased().Judge("drain").Outcome);

    [Theory]
    [InlineData(30, "eu.gateway-1", ExpectationOutcome.Met)]
    [InlineData(29, "eu.gateway-1", ExpectationOutcome.Broken)]
    // They come back to the node they left: nothing is shown about others.
    [InlineData(30, "eu.gateway-2", ExpectationOutcome.Inconclusive)]
    public void Sessions_go_on_across_nodes(int resumed, string to, ExpectationOutcome expected)
    {
        var builder = new JournalBuilder().Phased();
        for (var i = 0; i < 30; i++)
        {
            builder.Add(-500 + i, new ClientConnected($"c-{i + 1:0000}", "s", false, "eu.gateway-2"));
            builder.Add(5_000 + i, new ClientConnected($"c-{i + 1:0000}", "s", i < resumed, to));
        }

        Assert.Equal(expected, builder.Judge("resumed", new { across = "nodes" }).Outcome);
    }

    [Fact]
    public void First_connects_are_no_returns()
    {
        var builder = new JournalBuilder().Phased();
        for (var i = 0; i < 40; i++) builder.Add(4_000 + i, new ClientConnected($"c-{i + 1:0000}", "s", false, "eu.gateway-1"));
        Assert.Equal("only 0 clients came back, 30 are needed", builder.Judge("resumed").Sentence);
    }

    [Fact]
    public void A_fault_on_a_node_hit_the_sessions_that_it_cost()
    {
        var builder = Drained(_ => 0).With(new FaultDefinition { Name = "v2", Node = "eu.gateway-2", Type = "release", For = TimeSpan.FromSeconds(1) });
        Assert.Equal(Sessions, FaultHits.Of(builder.Definition, builder.Events)["v2"]);
    }

    [Theory]
    [InlineData(2_000, true, ExpectationOutcome.Met)]
    [InlineData(3_100, true, ExpectationOutcome.Broken)]
    [InlineData(2_000, false, ExpectationOutcome.Broken)]
    public void Clients_of_a_node_that_hangs_must_move(double slowest, bool all, ExpectationOutcome expected)
    {
        var builder = new JournalBuilder().Phased().Fault("hangs", "pause", 4_000, 9_000, "eu.gateway-2");
        for (var i = 0; i < 30; i++)
        {
            builder.Add(-500 + i, new ClientConnected($"c-{i + 1:0000}", "s", false, i < 25 ? "eu.gateway-2" : "eu.gateway-1"));
            if (i < 24) builder.Add(5_000 + i, new ClientConnected($"c-{i + 1:0000}", "s", true, "eu.gateway-1"));
        }

        if (all) builder.Add(4_000 + slowest, new ClientConnected("c-0025", "s", true, "eu.gateway-3"));
        // Coming back to the node that hangs is no failover.
        else builder.Add(5_500, new ClientConnected("c-0025", "s", true, "eu.gateway-2"));
        var result = builder.Judge("failover", new { within_ms = 3_000 }, "hangs");
        Assert.Equal(expected, result.Outcome);
        Assert.Equal(25, result.Deciding!.Sample);
    }

    [Fact]
    public void Failover_needs_a_fault_and_clients_on_its_node()
    {
        Assert.Equal(ExpectationOutcome.Inconclusive, new JournalBuilder().Phased().Judge("failover", new { within_ms = 3_000 }, "faults").Outcome);
        var few = new JournalBuilder().Phased().Fault("hangs", "pause", 4_000, 9_000, "eu.gateway-2").Add(-500, new ClientConnected("c-0001", "s", false, "eu.gateway-2"));
        Assert.Equal(ExpectationOutcome.Inconclusive, few.Judge("failover", new { within_ms = 3_000 }, "hangs").Outcome);
    }

    [Fact]
    public void An_indicator_may_look_at_one_node()
    {
        var builder = new JournalBuilder().Phased();
        for (var i = 0; i <= 14; i++)
        {
            builder.Add(i * 500, Errors("eu.gateway-1", 0));
            builder.Add((i * 500) + 1, Errors("eu.gateway-2-v2", i * 10));
        }

        Assert.Equal(ExpectationOutcome.Broken, Below(null));
        Assert.Equal(ExpectationOutcome.Broken, Below("eu.gateway-2-v2"));
        Assert.Equal(ExpectationOutcome.Met, Below("eu.gateway-1"));
        Assert.Equal(ExpectationOutcome.Inconclusive, Below("eu.gateway-3"));

        ExpectationOutcome Below(string? node) => builder.Judge("indicator", node is null
            ? new { indicator = "errors_per_s", @is = "below", limit = 1 }
            : (object)new { indicator = "errors_per_s", @is = "below", limit = 1, node }, "faults").Outcome;

        static MetricsSampled Errors(string part, double count) => new(part, new Dictionary<string, double> { ["chaos_errors_total{code=\"103\"}"] = count });
    }

    private static JournalBuilder Drained(Func<int, double> closedAfter, int left = 0, int code = 3001, double windowMs = WindowMs)
    {
        var builder = new JournalBuilder().Phased();
        for (var i = 0; i < Sessions; i++)
        {
            var client = $"c-{i + 1:0000}";
            builder.Close(client, builder.Open(client, 0), Told + closedAfter(i), by: "upstream", code: code);
        }

        return builder.Add(Told + WindowMs + 100, new NodeLeft("v2", 0, "eu.gateway-2", "eu.gateway-2", "drained", Sessions, left, JournalBuilder.Us(Told), (int)windowMs));
    }
}
