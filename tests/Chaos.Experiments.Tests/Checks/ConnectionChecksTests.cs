using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;
using Xunit;

namespace Chaos.Experiments.Tests.Checks;

public sealed class ConnectionChecksTests
{
    private static string Name(int i) => $"c-{i + 1:0000}";

    [Fact]
    public void All_connected_is_met_and_one_missing_is_broken()
    {
        var builder = Connected();
        Assert.Equal(ExpectationOutcome.Met, builder.Judge("connected", during: "baseline").Outcome);
        builder.Add(2_000, new ClientDisconnected(Name(3), "transport", null, null, false));
        var broken = builder.Judge("connected", during: "baseline");
        Assert.Equal(ExpectationOutcome.Broken, broken.Outcome);
        Assert.Equal("9 of 10 clients are connected at the end", broken.Sentence);
        Assert.Equal(ExpectationOutcome.Met, builder.Judge("connected", new { min_share = 0.9 }, "baseline").Outcome);
    }

    [Fact]
    public void A_client_that_gave_up_for_good_breaks_connected_whatever_the_share() =>
        Assert.Equal(ExpectationOutcome.Broken,
            Connected().Add(2_000, new ClientDisconnected(Name(3), "close", 3500, null, true)).Judge("connected", new { min_share = 0.5 }, "baseline").Outcome);

    [Fact]
    public void Without_clients_connected_is_inconclusive() =>
        Assert.Equal(ExpectationOutcome.Inconclusive, new JournalBuilder().Phased().Judge("connected", during: "baseline").Outcome);

    [Fact]
    public void Dead_links_that_are_noticed_in_time_meet_liveness()
    {
        var result = BlackHole(_ => 2_300).Judge("liveness", during: "hole");
        Assert.True(result.Outcome == ExpectationOutcome.Met, result.Sentence);
        Assert.Equal(2_750, result.Deciding!.Threshold);
    }

    [Fact]
    public void One_client_that_notices_late_breaks_liveness() =>
        Assert.Equal(ExpectationOutcome.Broken, BlackHole(i => i == 5 ? 3_100 : 2_000).Judge("liveness", during: "hole").Outcome);

    [Fact]
    public void A_client_that_never_notices_breaks_liveness_also_when_bytes_flow_again_after_the_hole()
    {
        var result = BlackHole(i => i == 5 ? null : 2_000).Judge("liveness", during: "hole");
        Assert.Equal(ExpectationOutcome.Broken, result.Outcome);
        Assert.Contains("1 of them never noticed", result.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Liveness_is_inconclusive_when_the_hole_is_short_or_hits_few()
    {
        Assert.Equal(ExpectationOutcome.Inconclusive, BlackHole(_ => 2_000, off: 5_000).Judge("liveness", during: "hole").Outcome);
        Assert.Equal(ExpectationOutcome.Inconclusive, BlackHole(_ => 2_000).Judge("liveness", new { min_clients = 31 }, "hole").Outcome);
    }

    [Fact]
    public void Slow_connections_that_stay_are_alive_and_a_lost_one_breaks_it()
    {
        var builder = Connected().Fault("slow", "latency", 3_000, 9_000);
        for (var i = 0; i < 10; i++)
        {
            var conn = builder.Open(Name(i), -100);
            builder.Add(4_000, new LedgerInjected(JournalBuilder.Link, "slow", conn, "downstream", 0, "delayed", 1, 1, 1));
        }

        Assert.Equal(ExpectationOutcome.Met, builder.Judge("alive", during: "slow").Outcome);
        builder.Add(5_000, new ClientDisconnected(Name(1), "liveness", null, null, false));
        var broken = builder.Judge("alive", during: "slow");
        Assert.Equal(ExpectationOutcome.Broken, broken.Outcome);
        Assert.Contains("c-0002 (liveness)", broken.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Clients_that_a_black_hole_hit_may_be_lost()
    {
        var builder = BlackHole(i => i < 15 ? 2_000 : null, hit: i => i < 15);
        for (var i = 0; i < 15; i++) builder.Add(5_500, new ClientDisconnected(Name(i), "liveness", null, null, false));
        Assert.Equal(ExpectationOutcome.Met, builder.Judge("alive", during: "hole").Outcome);
        Assert.Equal(ExpectationOutcome.Inconclusive, builder.Judge("alive", new { min_clients = 16 }, "hole").Outcome);
    }

    [Fact]
    public void Reconnect_time_runs_from_the_cut_to_the_next_message()
    {
        var met = Cuts(i => 200 + i).Judge("reconnect_time", new { p95_ms = 500 });
        Assert.True(met.Outcome == ExpectationOutcome.Met, met.Sentence);
        Assert.Equal(ExpectationOutcome.Broken, Cuts(i => i % 10 == 0 ? 900 : 200).Judge("reconnect_time", new { p95_ms = 500 }).Outcome);
        Assert.Equal(ExpectationOutcome.Broken, Cuts(i => i % 10 == 0 ? null : 200).Judge("reconnect_time", new { p95_ms = 500 }).Outcome);
        Assert.Equal(ExpectationOutcome.Inconclusive, Cuts(_ => 200).Judge("reconnect_time", new { p95_ms = 500, min_samples = 500 }).Outcome);
    }

    [Fact]
    public void A_client_stays_away_after_a_terminal_code()
    {
        var builder = new JournalBuilder().Phased();
        builder.Close(Name(0), builder.Open(Name(0), -100), 4_000, "upstream", code: 3503);
        Assert.Equal(ExpectationOutcome.Met, builder.Judge("stops_on_terminal").Outcome);
        Assert.Equal(ExpectationOutcome.Inconclusive, builder.Judge("stops_on_terminal", new { min_clients = 2 }).Outcome);
        builder.Open(Name(0), 4_400);
        Assert.Equal(ExpectationOutcome.Broken, builder.Judge("stops_on_terminal").Outcome);
    }

    [Fact]
    public void A_client_that_returns_after_a_code_that_allows_it_does_not_count()
    {
        var builder = new JournalBuilder().Phased();
        builder.Close(Name(0), builder.Open(Name(0), -100), 4_000, "upstream", code: 3001);
        builder.Open(Name(0), 4_400);
        Assert.Equal(ExpectationOutcome.Inconclusive, builder.Judge("stops_on_terminal").Outcome);
    }

    private static JournalBuilder Connected()
    {
        var builder = new JournalBuilder().Phased();
        for (var i = 0; i < 10; i++) builder.Add(-500, new ClientConnected(Name(i), null, false, null));
        return builder;
    }

    /// <summary>30 clients with pings every second, slack 1 s and first backoff up to 500 ms; a hole swallows them from 4 s on.</summary>
    private static JournalBuilder BlackHole(Func<int, double?> reconnect, double off = 9_000, Func<int, bool>? hit = null)
    {
        var builder = new JournalBuilder().Phased().Fault("hole", "blackhole", 4_000, off);
        builder.Definition = builder.Definition with { Gateway = new System.Text.Json.Nodes.JsonObject { ["ping_interval_ms"] = 900 } };
        for (var i = 0; i < 30; i++)
        {
            var conn = builder.Open(Name(i), -500);
            builder.Add(-400, new ClientConnected(Name(i), null, false, null));
            if (hit?.Invoke(i) ?? true) builder.Add(4_000, new LedgerRoll(JournalBuilder.Link, "hole", conn, true));
            if (reconnect(i) is { } after)
            {
                builder.Close(Name(i), conn, 3_900 + after - 1, lastDown: 3_900);
                builder.Open(Name(i), 3_900 + after);
            }
            else
            {
                builder.Close(Name(i), conn, 15_100, lastDown: 14_000);
            }
        }

        return builder;
    }

    private static JournalBuilder Cuts(Func<int, double?> back)
    {
        var builder = new JournalBuilder().Phased();
        for (var i = 0; i < 200; i++)
        {
            var cut = 4_000 + i;
            builder.Add(-400, new ClientConnected(Name(i), null, false, null));
            builder.Close(Name(i), builder.Open(Name(i), -500), cut, "fault", "cut#2");
            if (back(i) is not { } after) continue;
            builder.Add(cut + after - 10, new ClientConnected(Name(i), null, true, null));
            builder.Subscribe(Name(i), cut + after, true);
        }

        return builder;
    }
}
