using System.Text.Json;
using System.Text.Json.Nodes;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Verdicts;
using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;
using Xunit;

namespace Chaos.Experiments.Tests.Checks;

/// <summary>What is judged where there are several regions.</summary>
public sealed class RegionChecksTests
{
    private const double On = 4_000, Off = 8_000;

    private static JournalBuilder World(int clients = 40)
    {
        var builder = new JournalBuilder().Phased();
        RegionDefinition[] regions = [new("eu", 1, new StoreDefinition("embedded")), new("us", 1, new StoreDefinition("embedded"))];
        builder.Definition = builder.Definition with { World = new WorldDefinition("two", regions) { RoundTrips = [new RoundTripDefinition(["eu", "us"], 90)] } };
        return builder.With(fleet => fleet with { Count = 2 * clients, Homes = [new HomeDefinition("eu", clients), new HomeDefinition("us", clients)] });
    }

    private static string Client(int number) => $"c-{number:0000}";

    // ---- partition

    private static JournalBuilder Partition(string direction, params (double Ms, string Link, string Stream, double Bytes)[] readings)
    {
        var attributes = new JsonObject { ["direction"] = direction };
        var builder = World().With(new FaultDefinition { Name = "split", Between = ["eu", "us"], Type = "partition", For = TimeSpan.FromSeconds(4), Attributes = attributes })
            .Add(On, new FaultOn("split", 0, "eu↔us", "partition", "downstream", 1, JsonSerializer.SerializeToElement(attributes)))
            .Add(Off, new FaultOff("split", 0, "eu↔us", "schedule"));
        string[] links = ["eu→us.replication", "eu→us.clients", "us→eu.replication", "us→eu.clients"];
        for (double ms = 500; ms < 10_000; ms += 500)
        {
            builder.Metrics(ms, "proxy", [.. links.SelectMany(l => new[] { "upstream", "downstream" }.Select(s =>
                ($"chaos_proxy_bytes_total{{link=\"{l}\",direction=\"{s}\"}}", Math.Min(ms, On) + readings.Where(r => r.Ms <= ms && r.Link == l && r.Stream == s).Sum(r => r.Bytes))))]);
        }

        return builder;
    }

    [Fact]
    public void Counters_that_stand_still_meet_partition()
    {
        var result = Partition("both").Judge("partition", during: "split");
        Assert.Equal(ExpectationOutcome.Met, result.Outcome);
        Assert.StartsWith("0 bytes crossed while the partition was on, ", result.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("both", "eu→us.replication", "upstream", ExpectationOutcome.Broken)]
    [InlineData("both", "us→eu.clients", "downstream", ExpectationOutcome.Broken)]
    [InlineData("forth", "eu→us.replication", "upstream", ExpectationOutcome.Broken)]
    // From eu to us goes downstream on a link that us opened.
    [InlineData("forth", "us→eu.replication", "downstream", ExpectationOutcome.Broken)]
    [InlineData("forth", "eu→us.replication", "downstream", ExpectationOutcome.Met)]
    [InlineData("forth", "us→eu.replication", "upstream", ExpectationOutcome.Met)]
    [InlineData("back", "us→eu.replication", "upstream", ExpectationOutcome.Broken)]
    [InlineData("back", "eu→us.replication", "upstream", ExpectationOutcome.Met)]
    public void One_byte_in_a_direction_that_is_closed_breaks_it(string direction, string link, string stream, ExpectationOutcome expected) =>
        Assert.Equal(expected, Partition(direction, (6_000, link, stream, 1)).Judge("partition", during: "split").Outcome);

    [Fact]
    public void A_link_is_closed_from_when_the_proxy_says_so_until_it_says_otherwise()
    {
        const string link = "eu→us.replication";
        JournalBuilder Slow(double crossed) => Partition("both", (crossed, link, "upstream", 12))
            .Add(4_450, new LedgerFault(link, "split", "stall", "added")).Add(7_400, new LedgerFault(link, "split", "stall", "removed"));
        // A reading that ended at 4,500 may have begun before 4,450; the one that ended at 5,000 has not.
        Assert.Equal(ExpectationOutcome.Met, Slow(4_300).Judge("partition", during: "split").Outcome);
        Assert.Equal(ExpectationOutcome.Met, Slow(4_900).Judge("partition", during: "split").Outcome);
        Assert.Equal(ExpectationOutcome.Broken, Slow(5_100).Judge("partition", during: "split").Outcome);
        Assert.Equal(ExpectationOutcome.Broken, Slow(6_900).Judge("partition", during: "split").Outcome);
        Assert.Equal(ExpectationOutcome.Met, Slow(7_450).Judge("partition", during: "split").Outcome);
    }

    [Fact]
    public void Links_on_which_nothing_went_before_show_nothing()
    {
        var builder = Partition("both");
        Assert.Equal(ExpectationOutcome.Inconclusive, builder.Judge("partition", new { min_bytes = 100_000 }, "split").Outcome);
        Assert.Equal(ExpectationOutcome.Inconclusive, World().Judge("partition").Outcome);
    }

    // ---- converged

    private static JournalBuilder Histories(IEnumerable<string> eu, IEnumerable<string> us, double emptyAt = 9_000)
    {
        var builder = World().Ack("c-0001", [.. Enumerable.Range(1, 300).Select(n => ((long)n, 100.0 + (n * 10), 2.0))]);
        foreach (var (ms, waiting) in new[] { (5_000.0, 500.0), (8_500.0, 300.0), (emptyAt, 0.0) })
            builder.Metrics(ms, "eu.gateway-1", ("chaos_replication_waiting{peer=\"us\"}", waiting));
        return builder.Fault("split", "partition", On, Off, "eu↔us").Add(14_000, new HistoryRead("eu", "acme:ch-000", [.. eu])).Add(14_000, new HistoryRead("us", "acme:ch-000", [.. us]));
    }

    private static List<string> Mids => [.. Enumerable.Range(1, 300).Select(n => $"c-0001/{n}")];

    private static ExpectationResult Converged(JournalBuilder builder, double withinMs = 2_000) => builder.Judge("converged", new { within_ms = withinMs }, "split");

    [Fact]
    public void Regions_with_the_same_messages_in_time_meet_converged()
    {
        var result = Converged(Histories(Mids, Mids));
        Assert.Equal(ExpectationOutcome.Met, result.Outcome);
        Assert.Equal("all 2 regions have all 300 messages, once and in order; nothing waited 1000 ms after the fault, limit 2000 ms", result.Sentence);
    }

    [Fact]
    public void A_message_that_a_region_lacks_has_twice_or_has_out_of_order_breaks_it()
    {
        Assert.Contains("us lacks c-0001/7", Converged(Histories(Mids, Mids.Where(m => m != "c-0001/7"))).Sentence, StringComparison.Ordinal);
        Assert.Equal(ExpectationOutcome.Broken, Converged(Histories(Mids.Append("c-0001/300"), Mids)).Outcome);
        var swapped = Mids;
        (swapped[10], swapped[11]) = (swapped[11], swapped[10]);
        Assert.Contains("us has message 11 of c-0001 on acme:ch-000 behind 12", Converged(Histories(Mids, swapped)).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Entries_that_wait_too_long_break_it()
    {
        Assert.Equal(ExpectationOutcome.Broken, Converged(Histories(Mids, Mids, emptyAt: 12_000)).Outcome);
        Assert.Contains("entries waited to the end", Converged(Histories(Mids, Mids, emptyAt: 13_500)).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_history_that_is_full_or_alone_shows_nothing()
    {
        var builder = Histories(Mids, Mids);
        builder.Definition = builder.Definition with { Gateway = new JsonObject { ["history"] = new JsonObject { ["size"] = 300 } } };
        Assert.Equal("eu keeps 300 messages of acme:ch-000, and there were more: raise gateway.history.size", Converged(builder).Sentence);
        Assert.Equal(ExpectationOutcome.Inconclusive, Converged(World().Fault("split", "partition", On, Off)).Outcome);
    }

    // ---- unmoved

    private static JournalBuilder Acked(Func<double, double> tookMs, string publisher = "c-0001")
    {
        var builder = World();
        builder.Ack(publisher, [.. Enumerable.Range(1, 1_000).Select(n => ((long)n, n * 9.0, tookMs(n * 9.0)))]);
        return builder.Fault("split", "partition", 3_000, 9_000, "eu↔us");
    }

    private static ExpectationResult Unmoved(JournalBuilder builder, string region = "eu") => builder.Judge("unmoved", new { region, min_samples = 300, percentile = 95 }, "split");

    [Fact]
    public void A_percentile_that_stays_meets_unmoved_and_one_that_waits_for_the_other_region_breaks_it()
    {
        Assert.Equal(ExpectationOutcome.Met, Unmoved(Acked(ms => 5 + (ms % 3))).Outcome);
        Assert.Equal(ExpectationOutcome.Broken, Unmoved(Acked(ms => ms < 3_000 ? 5 : 95)).Outcome);
        // One in five is enough for a p95.
        Assert.Equal(ExpectationOutcome.Broken, Unmoved(Acked(ms => ms < 3_000 || ms % 5 != 0 ? 5 : 95)).Outcome);
    }

    [Fact]
    public void Only_the_region_that_is_looked_at_counts()
    {
        Assert.Equal(ExpectationOutcome.Inconclusive, Unmoved(Acked(_ => 5), "us").Outcome);
        Assert.Equal(ExpectationOutcome.Broken, Unmoved(Acked(ms => ms < 3_000 ? 5 : 95, "c-0041"), "us").Outcome);
        Assert.Equal("there is no region 'ap'", Unmoved(Acked(_ => 5), "ap").Sentence);
    }

    [Fact]
    public void A_limit_beyond_the_way_to_another_region_shows_nothing_of_what_takes_that_long()
    {
        ExpectationResult Took(double ms) => Acked(at => at < 3_000 ? 5 : ms).Judge("unmoved", new { region = "eu", min_samples = 300, percentile = 95, slack_ms = 200 }, "split");
        Assert.Equal(ExpectationOutcome.Met, Took(90).Outcome);
        Assert.Equal(ExpectationOutcome.Inconclusive, Took(100).Outcome);
        Assert.Equal("eu: a message that waits for another region takes about 95 ms, which is within the limit of 206 ms: lower slack_ms, or repeat it on a machine that is free", Took(100).Sentence);
        Assert.Equal(ExpectationOutcome.Broken, Took(210).Outcome);
    }

    // ---- failover and home

    private static JournalBuilder Moves(Func<int, double?> moved, Func<int, double?> back)
    {
        var builder = World().Fault("gone", "refuse", On, Off);
        for (var i = 1; i <= 40; i++)
        {
            builder.Add(-500, new ClientConnected(Client(i), "s", false, "eu.gateway-1"));
            if (moved(i) is { } away) builder.Add(away, new ClientConnected(Client(i), "s", true, "us.gateway-1"));
            if (back(i) is { } home) builder.Add(home, new ClientConnected(Client(i), "s", true, "eu.gateway-1"));
        }

        return builder;
    }

    [Fact]
    public void Clients_that_are_elsewhere_in_time_and_home_in_time_meet_failover_and_home()
    {
        var builder = Moves(i => On + (i * 50), i => Off + (i * 50));
        Assert.Equal("all 40 clients of eu.clients were elsewhere within 2000 ms, limit 2500 ms", builder.Judge("failover", new { within_ms = 2_500 }, "gone").Sentence);
        Assert.Equal("all 40 clients were back in their own region within 2000 ms, limit 2500 ms", builder.Judge("home", new { within_ms = 2_500 }, "gone").Sentence);
    }

    [Fact]
    public void One_that_never_moves_breaks_failover_and_one_that_never_returns_breaks_home()
    {
        Assert.Equal(ExpectationOutcome.Broken, Moves(i => i == 7 ? null : On + 100, _ => null).Judge("failover", new { within_ms = 2_500 }, "gone").Outcome);
        Assert.Contains("1 of them never", Moves(_ => On + 100, i => i == 7 ? null : Off + 100).Judge("home", new { within_ms = 2_500 }, "gone").Sentence, StringComparison.Ordinal);
        Assert.Equal(ExpectationOutcome.Broken, Moves(_ => On + 100, i => Off + (i == 7 ? 3_000 : 100)).Judge("home", new { within_ms = 2_500 }, "gone").Outcome);
    }

    [Fact]
    public void Without_clients_away_home_is_inconclusive() =>
        Assert.Equal(ExpectationOutcome.Inconclusive, Moves(_ => null, _ => null).Judge("home", new { within_ms = 2_500 }, "gone").Outcome);

    // ---- indicators

    [Fact]
    public void Imbalance_is_the_fullest_region_over_the_mean_of_all()
    {
        var builder = World();
        for (double ms = 0; ms < 10_000; ms += 500)
        {
            builder.Metrics(ms, "eu.gateway-1", ("chaos_connections_active", ms < 5_000 ? 40 : 0));
            builder.Metrics(ms, "us.gateway-1", ("chaos_connections_active", ms < 5_000 ? 40 : 80));
        }

        Assert.Equal(ExpectationOutcome.Met, builder.Judge("indicator", new { indicator = "imbalance_ratio", @is = "below", limit = 1.2 }, "baseline").Outcome);
        var seen = builder.Judge("indicator", new { indicator = "imbalance_ratio", @is = "above", limit = 1.75, within_ms = 4_000 }, "faults");
        Assert.Equal("imbalance_ratio rose above 1.75 × after 2000 ms, limit 4000 ms; at most it was 2 ×", seen.Sentence);
    }

    [Fact]
    public void Lag_is_the_longest_of_all_regions()
    {
        var builder = World();
        for (double ms = 0; ms < 10_000; ms += 500)
            builder.Metrics(ms, "eu.gateway-1", ("chaos_replication_lag_seconds{peer=\"us\"}", ms < 4_000 ? 0.05 : 3), ("chaos_replication_lag_seconds{peer=\"ap\"}", 0.1));
        Assert.Equal(ExpectationOutcome.Met, builder.Judge("indicator", new { indicator = "replication_lag_ms", @is = "below", limit = 200 }, "baseline").Outcome);
        Assert.Equal(ExpectationOutcome.Met, builder.Judge("indicator", new { indicator = "replication_lag_ms", @is = "above", limit = 2_000 }, "faults").Outcome);
    }

    // ---- what hit

    [Fact]
    public void A_fault_between_regions_hit_what_it_held_on_any_of_their_links()
    {
        var builder = Partition("both").Add(5_000, new LedgerInjected("us→eu.replication", "split", 1, "upstream", 7, "stalled", 0, 1_000_000, 90))
            .Add(5_000, new LedgerInjected("eu→us.clients", "split#connect_hang", 0, "upstream", 2, "hung", 0, 0, 0))
            .Add(5_000, new LedgerInjected("eu.clients", "split", 1, "upstream", 7, "stalled", 0, 0, 1));
        Assert.Equal(2, FaultHits.Of(builder.Definition, builder.Events)["split"]);
    }

    [Fact]
    public void A_request_that_is_held_until_its_client_gives_up_was_hit()
    {
        var builder = World().Fault("late", "http_delay", On, Off, "eu.upstream");
        builder.Add(5_000, new LedgerRoll("eu.upstream", "late", 1, true)).Add(5_000, new LedgerRoll("eu.upstream", "late", 2, true)).Add(5_000, new LedgerRoll("eu.upstream", "late", 3, false));
        foreach (var (conn, by) in new[] { (1, "client"), (2, "upstream"), (3, "client") })
            builder.Add(6_000, new LedgerClosed("eu.upstream", conn, null, by, "fin", null, null, null, 1, 1, 1, 1, 0, 0));
        Assert.Equal(1, FaultHits.Of(builder.Definition, builder.Events)["late"]);
    }

    [Fact]
    public void A_refusal_by_the_kernel_hit_the_clients_that_were_refused()
    {
        var builder = World().Fault("gone", "refuse", On, Off);
        builder.Add(5_000, new ClientDisconnected("c-0001", "refused", null, null, false)).Add(9_000, new ClientDisconnected("c-0001", "refused", null, null, false));
        Assert.Equal(1, FaultHits.Of(builder.Definition, builder.Events)["gone"]);
    }
}
