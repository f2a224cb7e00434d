using System.Text.Json.Nodes;
using Chaos.Gateway.Tests.Support;

namespace Chaos.Gateway.Tests;

/// <summary>What is published in one region reaches the other: in order, once, whatever happens between them.</summary>
// Regions that share a redis-server share its outbox, so they take turns.
[Collection(nameof(TwoRegions))]
public sealed class ReplicationTests
{
    private static JsonObject N(int n) => new() { ["n"] = n, ["mid"] = $"m-{n}" };

    private static async Task<List<int>> HistoryAsync(Node node, string channel)
    {
        await using var reader = await WireClient.ConnectAsync(node.Address, "reader");
        var reply = await reader.CallAsync("history", new JsonObject { ["channel"] = channel, ["limit"] = -1 });
        return [.. reply["history"]!["publications"]!.AsArray().Select(p => (int)p!["data"]!["n"]!)];
    }

    private static Task ConvergedAsync(TwoRegions regions, string channel, int count) => Until.TrueAsync(
        async () => (await HistoryAsync(regions.Us, channel)).Count >= count && (await HistoryAsync(regions.Eu, channel)).Count >= count, $"both regions have {count} publications");

    private static JsonObject Seen(JsonNode reply) => reply["subscribe"]!["data"]!["seen"]!.DeepClone().AsObject();

    private static Task<JsonObject> ReturnAsync(WireClient client, string channel, string epoch, long offset, JsonObject seen) => client.CallAsync("subscribe", new JsonObject
    {
        ["channel"] = channel, ["recover"] = true, ["epoch"] = epoch, ["offset"] = offset, ["data"] = new JsonObject { ["seen"] = seen.DeepClone() },
    });

    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task What_is_published_in_one_region_reaches_the_subscribers_and_the_history_of_the_other(string store)
    {
        await using var regions = await TwoRegions.StartAsync(store);
        var channel = TestStore.Channel();
        await using var ann = await WireClient.ConnectAsync(regions.Eu.Address, "ann");
        await using var bob = await WireClient.ConnectAsync(regions.Us.Address, "bob");
        await bob.SubscribeAsync(channel);
        await ann.SubscribeAsync(channel);
        for (var n = 1; n <= 5; n++) await ann.PublishAsync(channel, N(n));
        for (var n = 1; n <= 5; n++) Assert.Equal((n, n), Pair(await bob.PublicationAsync(channel)));

        await bob.PublishAsync(channel, N(6));
        for (var n = 1; n <= 6; n++) Assert.Equal((n, n), Pair(await ann.PublicationAsync(channel)));
        Assert.Equal([1, 2, 3, 4, 5, 6], await HistoryAsync(regions.Us, channel));
        Assert.Equal([1, 2, 3, 4, 5, 6], await HistoryAsync(regions.Eu, channel));
        Assert.Equal(5, await regions.Eu.MetricAsync("chaos_replication_entries_total", "peer=\"us\"", "outcome=\"applied\""));

        static (long, int) Pair((long Offset, JsonObject Data) p) => (p.Offset, (int)p.Data["n"]!);
    }

    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task While_the_other_region_is_away_publishing_goes_on_and_afterwards_both_have_everything_once_and_in_order(string store)
    {
        // Gives up on what waits, and sends it again: it may have arrived all the same.
        await using var regions = await TwoRegions.StartAsync(store, r => r with { TimeoutMs = 500 });
        var channel = TestStore.Channel();
        await using var ann = await WireClient.ConnectAsync(regions.Eu.Address, "ann");
        await using var bob = await WireClient.ConnectAsync(regions.Us.Address, "bob");
        await ann.PublishAsync(channel, N(1));
        await ConvergedAsync(regions, channel, 1);

        regions.ToUs.Stall();
        regions.ToEu.Stall();
        for (var n = 2; n <= 40; n++) await ann.PublishAsync(channel, N(n));
        for (var n = 101; n <= 140; n++) await bob.PublishAsync(channel, N(n));
        await Until.TrueAsync(async () => await regions.Eu.MetricAsync("chaos_replication_waiting", "peer=\"us\"") >= 39, "39 entries wait");
        await Until.TrueAsync(async () => await regions.Eu.MetricAsync("chaos_replication_lag_seconds", "peer=\"us\"") > 0.6, "the lag grows");
        Assert.Equal(40, (await HistoryAsync(regions.Eu, channel)).Count);
        regions.ToUs.Flow();
        regions.ToEu.Flow();

        await ConvergedAsync(regions, channel, 80);
        int[] eu = [.. Enumerable.Range(1, 40)], us = [.. Enumerable.Range(101, 40)];
        foreach (var history in new[] { await HistoryAsync(regions.Eu, channel), await HistoryAsync(regions.Us, channel) })
        {
            Assert.Equal(eu, history.Where(n => n < 100));
            Assert.Equal(us, history.Where(n => n > 100));
        }

        await Until.TrueAsync(async () => await regions.Eu.MetricAsync("chaos_replication_lag_seconds", "peer=\"us\"") == 0, "nothing waits");
    }

    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task A_way_that_breaks_and_comes_back_again_and_again_loses_doubles_and_reorders_nothing(string store)
    {
        await using var regions = await TwoRegions.StartAsync(store);
        string[] channels = [TestStore.Channel(), TestStore.Channel()];
        await using var ann = await WireClient.ConnectAsync(regions.Eu.Address, "ann");
        var random = new Random(7);
        var away = false;
        const int Messages = 600;
        for (var n = 1; n <= Messages; n++)
        {
            foreach (var channel in channels) await ann.PublishAsync(channel, N(n));
            // The way is away for as long as some messages take, so batches of all sizes wait when it returns.
            if (random.Next(away ? 20 : 12) > 0) continue;
            if (away) regions.ToUs.Up();
            else regions.ToUs.Down();
            away = !away;
        }

        if (away) regions.ToUs.Up();
        foreach (var channel in channels)
        {
            await ConvergedAsync(regions, channel, Messages);
            Assert.Equal(Enumerable.Range(1, Messages), await HistoryAsync(regions.Us, channel));
        }

        Assert.Equal(0, await regions.Eu.MetricAsync("chaos_replication_entries_total", "outcome=\"after-gap\""));
    }

    [Fact]
    public async Task A_message_that_is_sent_again_in_the_other_region_is_there_once_in_both()
    {
        await using var regions = await TwoRegions.StartAsync();
        var channel = TestStore.Channel();
        await using var here = await WireClient.ConnectAsync(regions.Eu.Address, "ann");
        await using var there = await WireClient.ConnectAsync(regions.Us.Address, "ann");
        regions.ToUs.Stall();
        await here.PublishAsync(channel, N(1));
        // The reply got lost and the client moved: us does not know of the first one yet.
        await there.PublishAsync(channel, N(1));
        await Until.TrueAsync(async () => await regions.Us.MetricAsync("chaos_replication_entries_total", "outcome=\"published-there\"") == 1, "eu knew it already");
        regions.ToUs.Flow();
        await Until.TrueAsync(async () => await regions.Eu.MetricAsync("chaos_replication_entries_total", "outcome=\"published-there\"") == 1, "us knew it already");
        Assert.Equal([1], await HistoryAsync(regions.Eu, channel));
        Assert.Equal([1], await HistoryAsync(regions.Us, channel));
    }

    [Fact]
    public async Task A_client_that_moves_to_the_other_region_gets_exactly_what_it_missed()
    {
        await using var regions = await TwoRegions.StartAsync();
        var channel = TestStore.Channel();
        await using var publisher = await WireClient.ConnectAsync(regions.Eu.Address, "ann");
        await using var other = await WireClient.ConnectAsync(regions.Us.Address, "bob");
        await publisher.PublishAsync(channel, N(1));
        string epoch;
        JsonObject seen;
        await using (var carol = await WireClient.ConnectAsync(regions.Eu.Address, "carol"))
        {
            var reply = await carol.SubscribeAsync(channel);
            (epoch, seen) = ((string)reply["subscribe"]!["epoch"]!, Seen(reply));
            await publisher.PublishAsync(channel, N(2));
            var push = await carol.NextAsync(m => m["push"]?["pub"] is not null, "a publication");
            var tags = push["push"]!["pub"]!["tags"]!;
            seen[(string)tags["origin"]!] = long.Parse((string)tags["seq"]!, System.Globalization.CultureInfo.InvariantCulture);
        }

        await publisher.PublishAsync(channel, N(3));
        await other.PublishAsync(channel, N(101));
        await ConvergedAsync(regions, channel, 4);
        await using var moved = await WireClient.ConnectAsync(regions.Us.Address, "carol");
        var returned = (await ReturnAsync(moved, channel, epoch, 2, seen))["subscribe"]!;
        Assert.True((bool)returned["recovered"]!);
        Assert.Equal([3, 101], returned["publications"]!.AsArray().Select(p => (int)p!["data"]!["n"]!).Order());
        Assert.NotEqual(epoch, (string)returned["epoch"]!);
    }

    [Fact]
    public async Task A_client_that_moves_without_its_place_or_after_it_was_trimmed_is_told_that_it_is_not_recovered()
    {
        await using var regions = await TwoRegions.StartAsync(settings: s => s with { History = s.History with { Size = 5 } });
        var channel = TestStore.Channel();
        await using var publisher = await WireClient.ConnectAsync(regions.Eu.Address, "ann");
        await using var carol = await WireClient.ConnectAsync(regions.Eu.Address, "carol");
        await publisher.PublishAsync(channel, N(1));
        var reply = await carol.SubscribeAsync(channel);
        for (var n = 2; n <= 20; n++) await publisher.PublishAsync(channel, N(n));
        await ConvergedAsync(regions, channel, 5);
        await using var moved = await WireClient.ConnectAsync(regions.Us.Address, "carol");
        var epoch = (string)reply["subscribe"]!["epoch"]!;
        await Until.TrueAsync(async () => (await HistoryAsync(regions.Us, channel))[^1] == 20, "us has the last");
        var trimmed = (await ReturnAsync(moved, channel, epoch, 1, Seen(reply)))["subscribe"]!;
        Assert.False((bool)trimmed["recovered"]!);
        Assert.Null(trimmed["publications"]);

        await using var without = await WireClient.ConnectAsync(regions.Us.Address, "dave");
        Assert.False((bool)(await without.RecoverAsync(channel, epoch, 1))["subscribe"]!["recovered"]!);
    }

    [Fact]
    public async Task A_session_goes_on_in_the_other_region_once_it_has_heard_of_it_and_is_refused_with_the_reason_before()
    {
        await using var regions = await TwoRegions.StartAsync();
        regions.ToUs.Stall();
        await using var first = await WireClient.ConnectAsync(regions.Eu.Address, "ann");
        var token = (string)first.ConnectReply!["data"]!["resume"]!;
        await using (var early = await WireClient.ConnectAsync(regions.Us.Address, "ann", data: new JsonObject { ["resume"] = token }))
        {
            Assert.False((bool)early.ConnectReply!["data"]!["resumed"]!);
            Assert.Equal("not-replicated", (string?)early.ConnectReply["data"]!["reason"]);
        }

        regions.ToUs.Flow();
        await Until.TrueAsync(async () => await regions.Eu.MetricAsync("chaos_replication_entries_total", "outcome=\"session\"") >= 1, "the session is replicated");
        await using var moved = await WireClient.ConnectAsync(regions.Us.Address, "ann", data: new JsonObject { ["resume"] = token });
        Assert.True((bool)moved.ConnectReply!["data"]!["resumed"]!);
        Assert.Equal((string?)first.ConnectReply["session"], (string?)moved.ConnectReply["session"]);

        // Used there, so it is spent here as soon as this region has heard.
        var channel = TestStore.Channel();
        await moved.PublishAsync(channel, N(1));
        // The outbox keeps the order, so whoever has the message has heard of the use before.
        await Until.TrueAsync(async () => (await HistoryAsync(regions.Eu, channel)).Count == 1, "what came after the use is replicated");
        await using var replayed = await WireClient.ConnectAsync(regions.Eu.Address, "ann", data: new JsonObject { ["resume"] = token });
        Assert.Equal("replayed", (string?)replayed.ConnectReply!["data"]!["reason"]);
    }

    [Fact]
    public async Task More_than_the_outbox_holds_is_given_up_counted_and_never_passed_over_in_silence()
    {
        await using var regions = await TwoRegions.StartAsync(change: r => r with { Queue = 100 });
        var channel = TestStore.Channel();
        await using var ann = await WireClient.ConnectAsync(regions.Eu.Address, "ann");
        await using var bob = await WireClient.ConnectAsync(regions.Us.Address, "bob");
        await bob.SubscribeAsync(channel);
        await ann.PublishAsync(channel, N(1));
        await bob.PublicationAsync(channel);
        regions.ToUs.Down();
        for (var n = 2; n <= 301; n++) await ann.PublishAsync(channel, N(n));
        regions.ToUs.Up();

        await Until.TrueAsync(async () => await regions.Eu.MetricAsync("chaos_replication_entries_total", "outcome=\"after-gap\"") == 1, "us went on after the gap");
        // bob is sent away with 3010: what it was promised is not there. It would come back and be told that it is not recovered.
        Assert.Equal(3010, await bob.CloseCodeAsync());
        await Until.TrueAsync(async () => (await HistoryAsync(regions.Us, channel)).LastOrDefault() == 301, "us has the last");
        var history = await HistoryAsync(regions.Us, channel);
        Assert.Equal(Enumerable.Range(301 - history.Count + 1, history.Count), history);
        Assert.InRange(history.Count, 90, 100);
        var lost = await regions.Eu.MetricAsync("chaos_replication_lost_total", "peer=\"us\"");
        Assert.InRange(lost, 200, 210);
    }

    [Fact]
    public async Task When_the_node_that_replicates_ends_another_goes_on()
    {
        await using var regions = await TwoRegions.StartAsync();
        var second = await regions.AddEuAsync("eu-2");
        var channel = TestStore.Channel();
        await using var ann = await WireClient.ConnectAsync(second.Address, "ann");
        await ann.PublishAsync(channel, N(1));
        await ConvergedAsync(regions, channel, 1);
        Assert.Equal(1, await regions.Eu.MetricAsync("chaos_replication_entries_total", "outcome=\"applied\""));
        Assert.Equal(0, await second.MetricAsync("chaos_replication_entries_total"));

        await regions.Eu.StopAsync();
        await ann.PublishAsync(channel, N(2));
        await Until.TrueAsync(async () => (await HistoryAsync(regions.Us, channel)).Count == 2, "us has both");
        Assert.Equal([1, 2], await HistoryAsync(regions.Us, channel));
    }
}
