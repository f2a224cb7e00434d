using System.Text.Json.Nodes;
using Chaos.Gateway.Tests.Support;

namespace Chaos.Gateway.Tests;

public sealed class StreamTests
{
    private static JsonObject N(int n) => new() { ["n"] = n };

    private static int Code(JsonObject reply) => (int?)reply["error"]?["code"] ?? 0;

    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task A_client_recovers_everything_it_missed_on_any_node_or_is_told_that_it_cannot(string store)
    {
        await using var one = await Node.StartAsync(s => s with { Node = "one", History = s.History with { Size = 10 } }, store);
        await using var two = await Node.StartAsync(s => s with { Node = "two", History = s.History with { Size = 10 } }, store);
        var channel = TestStore.Channel();
        await using var publisher = await WireClient.ConnectAsync(one.Address, "publisher");
        await using var before = await WireClient.ConnectAsync(one.Address);
        var epoch = (string)(await before.SubscribeAsync(channel))["subscribe"]!["epoch"]!;
        for (var n = 1; n <= 6; n++) await publisher.PublishAsync(channel, N(n));
        Assert.Equal(1, (await before.PublicationAsync(channel)).Offset);

        await using var after = await WireClient.ConnectAsync(two.Address);
        var reply = (await after.RecoverAsync(channel, epoch, 2))["subscribe"]!;
        Assert.True((bool)reply["was_recovering"]!);
        Assert.True((bool)reply["recovered"]!);
        Assert.Equal(6, (long)reply["offset"]!);
        Assert.Equal([3L, 4, 5, 6], reply["publications"]!.AsArray().Select(p => (long)p!["offset"]!));
        Assert.Equal([3, 4, 5, 6], reply["publications"]!.AsArray().Select(p => (int)p!["data"]!["n"]!));
        await publisher.PublishAsync(channel, N(7));
        Assert.Equal(7, (await after.PublicationAsync(channel)).Offset);

        foreach (var (e, offset) in new[] { ("other", 6L), (epoch, 100L) })
        {
            await using var lost = await WireClient.ConnectAsync(two.Address);
            var refused = (await lost.RecoverAsync(channel, e, offset))["subscribe"]!;
            Assert.True((bool)refused["was_recovering"]!);
            Assert.False((bool)refused["recovered"]!);
            Assert.Null(refused["publications"]);
            Assert.Equal(7, (long)refused["offset"]!);
        }
        for (var n = 8; n <= 15; n++) await publisher.PublishAsync(channel, N(n));
        await using var trimmed = await WireClient.ConnectAsync(two.Address);
        var partial = (await trimmed.RecoverAsync(channel, epoch, 4))["subscribe"]!;
        Assert.False((bool)partial["recovered"]!);
        Assert.Null(partial["publications"]);
        await using var exact = await WireClient.ConnectAsync(two.Address);
        Assert.Equal(10, (await exact.RecoverAsync(channel, epoch, 5))["subscribe"]!["publications"]!.AsArray().Count);
        await using var nothing = await WireClient.ConnectAsync(two.Address);
        var whole = (await nothing.RecoverAsync(channel, epoch, 15))["subscribe"]!;
        Assert.True((bool)whole["recovered"]!);
        Assert.Empty(whole["publications"]!.AsArray());
    }

    [Fact]
    public async Task History_reads_from_both_ends_and_says_when_a_position_is_lost()
    {
        await using var node = await Node.StartAsync(s => s with { History = s.History with { Size = 5 } });
        await using var ann = await WireClient.ConnectAsync(node.Address);
        var channel = TestStore.Channel();
        for (var n = 1; n <= 8; n++) await ann.PublishAsync(channel, N(n));
        async Task<JsonObject> Read(int limit, JsonObject? since = null, bool reverse = false)
        {
            var body = new JsonObject { ["channel"] = channel, ["limit"] = limit, ["reverse"] = reverse };
            if (since is not null) body["since"] = since;
            return await ann.CallAsync("history", body);
        }
        IEnumerable<long> Offsets(JsonObject reply) => reply["history"]!["publications"]!.AsArray().Select(p => (long)p!["offset"]!);
        var top = await Read(0);
        var epoch = (string)top["history"]!["epoch"]!;
        Assert.Equal(8, (long)top["history"]!["offset"]!);
        Assert.Empty(Offsets(top));
        Assert.Equal([4, 5, 6, 7, 8], Offsets(await Read(-1)));
        Assert.Equal([4, 5], Offsets(await Read(2)));
        Assert.Equal([8, 7], Offsets(await Read(2, reverse: true)));
        Assert.Equal([7, 8], Offsets(await Read(10, new JsonObject { ["epoch"] = epoch, ["offset"] = 6 })));
        Assert.Equal(112, Code(await Read(10, new JsonObject { ["epoch"] = epoch, ["offset"] = 1 })));
        Assert.Equal(112, Code(await Read(10, new JsonObject { ["epoch"] = "other", ["offset"] = 6 })));
    }

    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task A_message_id_is_published_once_whichever_node_it_is_sent_to_and_whoever_is_restarted(string store)
    {
        await using var one = await Node.StartAsync(store: store);
        var channel = TestStore.Channel();
        var other = TestStore.Channel();
        JsonObject Body(int n) => new() { ["mid"] = "m", ["n"] = n };
        await using (var ann = await WireClient.ConnectAsync(one.Address))
        {
            Assert.Equal(0, Code(await ann.PublishAsync(channel, Body(1))));
            Assert.Equal(0, Code(await ann.PublishAsync(channel, Body(1))));
            // Many at once.
            var ids = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ann.SendAsync("publish", new JsonObject { ["channel"] = other, ["data"] = Body(1) })));
            foreach (var id in ids) Assert.Equal(0, Code(await ann.ReplyAsync(id)));
        }
        await one.StopAsync();
        await using var two = await Node.StartAsync(store: store);
        await using var again = await WireClient.ConnectAsync(two.Address);
        Assert.Equal("publish", (await again.PublishAsync(channel, Body(1))).Last().Key);
        Assert.Equal(107, Code(await again.PublishAsync(channel, Body(2))));
        await using var bob = await WireClient.ConnectAsync(two.Address, "bob");
        Assert.Equal(0, Code(await bob.PublishAsync(channel, Body(3))));
        var history = (await bob.CallAsync("history", new JsonObject { ["channel"] = channel, ["limit"] = -1 }))["history"]!["publications"]!.AsArray();
        Assert.Equal([1, 3], history.Select(p => (int)p!["data"]!["n"]!));
        Assert.Single((await bob.CallAsync("history", new JsonObject { ["channel"] = other, ["limit"] = -1 }))["history"]!["publications"]!.AsArray());
        Assert.Equal(1, await two.MetricAsync("chaos_publishes_total", "outcome=\"repeated\""));
        Assert.Equal(1, await two.MetricAsync("chaos_publishes_total", "outcome=\"conflict\""));
    }

    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task Subscribers_on_two_nodes_lose_nothing_while_one_nodes_redis_connections_are_cut_again_and_again(string store)
    {
        await using var relay = new Relay(TestStore.Address(store));
        await using var steady = await Node.StartAsync(store: store);
        await using var shaken = await Node.StartAsync(redis: relay.Address);
        await Until.TrueAsync(async () => (await shaken.GetAsync("/readyz")).Status == 200, "the node is ready");
        var channel = TestStore.Channel();
        await using var publisher = await WireClient.ConnectAsync(steady.Address, "publisher");
        await using var near = await WireClient.ConnectAsync(steady.Address);
        await using var far = await WireClient.ConnectAsync(shaken.Address);
        Assert.Equal(0, Code(await near.SubscribeAsync(channel)));
        Assert.Equal(0, Code(await far.SubscribeAsync(channel)));
        const int Count = 120;
        for (var n = 1; n <= Count; n++)
        {
            Assert.Equal(0, Code(await publisher.PublishAsync(channel, N(n))));
            if (n % 40 == 20) relay.Cut();
        }
        for (var n = 1; n <= Count; n++)
        {
            Assert.Equal((n, n), await Next(near));
            Assert.Equal((n, n), await Next(far));
        }
        Assert.Null(far.Closed);

        async Task<(long, int)> Next(WireClient client)
        {
            var (offset, data) = await client.PublicationAsync(channel);
            return (offset, (int)data["n"]!);
        }
    }

    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task Systems_with_names_of_their_own_share_a_store_and_hear_nothing_of_each_other(string store)
    {
        await using var ours = await Node.StartAsync(s => s with { KeyPrefix = "ours" }, store);
        await using var theirs = await Node.StartAsync(s => s with { KeyPrefix = "theirs" }, store);
        var channel = TestStore.Channel();
        await using var ann = await WireClient.ConnectAsync(ours.Address);
        await using var ben = await WireClient.ConnectAsync(theirs.Address);
        Assert.Equal(0, Code(await ann.SubscribeAsync(channel)));
        Assert.Equal(0, Code(await ben.SubscribeAsync(channel)));
        await using var ourPublisher = await WireClient.ConnectAsync(ours.Address, "publisher");
        await using var theirPublisher = await WireClient.ConnectAsync(theirs.Address, "publisher");
        Assert.Equal(0, Code(await theirPublisher.PublishAsync(channel, N(1))));
        Assert.Equal(0, Code(await theirPublisher.PublishAsync(channel, N(2))));
        Assert.Equal(0, Code(await ourPublisher.PublishAsync(channel, N(3))));
        var (offset, data) = await ann.PublicationAsync(channel);
        Assert.Equal((1, 3), (offset, (int)data["n"]!));
        (offset, data) = await ben.PublicationAsync(channel);
        Assert.Equal((1, 1), (offset, (int)data["n"]!));
    }

    [Fact]
    public void A_prefix_that_would_break_the_slots_of_a_cluster_is_refused() =>
        Assert.Contains("key_prefix: 'a{b}' is not", Assert.Single(Settings.SettingsValidator.Errors(Node.Settings with { KeyPrefix = "a{b}" })), StringComparison.Ordinal);

    [Fact]
    public async Task A_store_that_forgot_everything_closes_its_subscribers_with_3010()
    {
        using var own = Chaos.Gateway.Stores.EmbeddedStore.Start();
        await using var node = await Node.StartAsync(s => s with { Redis = own.Address.ToString() });
        await using var ann = await WireClient.ConnectAsync(node.Address);
        var channel = TestStore.Channel();
        await ann.SubscribeAsync(channel);
        await ann.PublishAsync(channel, N(1));
        await using var redis = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(own.Address + ",allowAdmin=true");
        await redis.GetServers()[0].FlushAllDatabasesAsync();
        Assert.Equal(3010, await ann.CloseCodeAsync());
    }

    [Fact]
    public async Task Stopping_a_node_closes_its_clients_with_3001()
    {
        var node = await Node.StartAsync();
        await using var ann = await WireClient.ConnectAsync(node.Address);
        await node.StopAsync();
        Assert.Equal(3001, await ann.CloseCodeAsync());
        Assert.Equal("shutdown", ann.Closed!.Value.Reason);
        await node.DisposeAsync();
    }
}
