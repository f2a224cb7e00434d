using System.Text.Json.Nodes;
using Chaos.Gateway.Settings;
using Chaos.Gateway.Tests.Support;

namespace Chaos.Gateway.Tests;

public sealed class DependencyTests
{
    private static int Code(JsonObject reply) => (int?)reply["error"]?["code"] ?? 0;

    private static async Task<Node> ReadyAsync(Relay relay, Func<DependencySettings, DependencySettings>? change = null)
    {
        var dependency = new DependencySettings { BreakerSamplingMs = 5_000, BreakerBreakMs = 1_000, AttemptTimeoutMs = 200, TotalTimeoutMs = 600 };
        var node = await Node.StartAsync(redis: relay.Address, change: s => s with { Dependency = change?.Invoke(dependency) ?? dependency });
        await Until.TrueAsync(async () => (await node.GetAsync("/readyz")).Status == 200, "the node is ready");
        return node;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task While_redis_is_away_publishes_fail_fast_connections_live_and_all_is_well_afterwards(bool stalls)
    {
        await using var relay = new Relay(TestStore.Address(TestStore.Embedded));
        await using var node = await ReadyAsync(relay);
        var channel = TestStore.Channel();
        await using var ann = await WireClient.ConnectAsync(node.Address);
        // With timeouts this short a machine that stands still for a moment looks like a store that does.
        await Until.TrueAsync(async () => Code(await ann.SubscribeAsync(channel)) == 0, "the subscription");
        await Until.TrueAsync(async () => Code(await ann.PublishAsync(channel, new JsonObject { ["n"] = 1 })) == 0, "a publish");
        var requests = await node.MetricAsync("chaos_dependency_requests_total");
        var attempts = await node.MetricAsync("chaos_dependency_attempts_total");

        if (stalls) relay.Stall();
        else relay.Down();
        var sent = 0;
        await Until.TrueAsync(async () =>
        {
            // Several at a time, a channel each: a stalled store holds each for its whole timeout, and those of one channel wait for each other.
            var ids = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => ann.SendAsync("publish", new JsonObject { ["channel"] = $"{channel}-{i}", ["data"] = new JsonObject { ["lost"] = ++sent } })));
            foreach (var id in ids) Assert.Equal(100, Code(await ann.ReplyAsync(id)));
            return await node.MetricAsync("chaos_breaker_state") == 2;
        }, "the breaker opens");
        var times = new List<double>();
        await Until.TrueAsync(async () =>
        {
            var started = TimeProvider.System.GetTimestamp();
            var reply = await ann.PublishAsync(channel, new JsonObject { ["lost"] = 0 });
            var elapsed = TimeProvider.System.GetElapsedTime(started).TotalMilliseconds;
            if (await node.MetricAsync("chaos_breaker_state") == 2) times.Add(elapsed);
            Assert.Equal(100, Code(reply));
            Assert.True((bool)reply["error"]!["temporary"]!);
            return times.Count == 20;
        }, "20 publishes while the breaker is open");
        // The median, so that no single stall counts; asking the store would take the 200 ms of an attempt's timeout.
        Assert.True(times.Order().ElementAt(times.Count / 2) < 150, $"median {times.Order().ElementAt(times.Count / 2)} ms");
        Assert.Equal(503, (await node.GetAsync("/readyz")).Status);
        Assert.Equal(200, (await node.GetAsync("/healthz")).Status);
        await using (var late = await WireClient.ConnectAsync(node.Address, "late", data: new JsonObject { ["resume"] = (string)ann.ConnectReply!["data"]!["resume"]! }))
        {
            // Not known yet whether the token is any good, so no session and no new token.
            Assert.False((bool)late.ConnectReply!["data"]!["resumed"]!);
            Assert.Null(late.ConnectReply["data"]!["resume"]);
            Assert.Equal(100, Code(await late.SubscribeAsync(channel)));
        }
        requests = await node.MetricAsync("chaos_dependency_requests_total") - requests;
        attempts = await node.MetricAsync("chaos_dependency_attempts_total") - attempts;
        Assert.True(attempts <= (1.1 * requests) + 10, $"{attempts} attempts for {requests} requests");

        if (stalls) relay.Flow();
        else relay.Up();
        await Until.TrueAsync(async () => Code(await ann.PublishAsync(channel, new JsonObject { ["n"] = 2 })) == 0, "publishing works again");
        // A stalled publish may have been carried out after its client had given up on it, but the stream has no gap.
        for (var expected = 1L; ; expected++)
        {
            var (offset, data) = await ann.PublicationAsync(channel);
            Assert.Equal(expected, offset);
            if ((int?)data["n"] == 2) break;
        }
        await Until.TrueAsync(async () => (await node.GetAsync("/readyz")).Status == 200, "the node is ready again");
        Assert.Null(ann.Closed);
        await Until.TrueAsync(async () => await node.MetricAsync("chaos_breaker_state") == 0, "the breaker is closed");
        Assert.True(await node.MetricAsync("chaos_breaker_probes_total") >= 1);
    }

    [Fact]
    public async Task A_slow_redis_makes_publishes_slower_by_its_round_trip_and_no_more()
    {
        await using var relay = new Relay(TestStore.Address(TestStore.Embedded));
        const int Count = 100;
        await using var node = await Node.StartAsync(redis: relay.Address);
        await Until.TrueAsync(async () => (await node.GetAsync("/readyz")).Status == 200, "the node is ready");
        var channel = TestStore.Channel();
        await using var ann = await WireClient.ConnectAsync(node.Address);
        await ann.SubscribeAsync(channel);
        relay.Delay = TimeSpan.FromMilliseconds(50);
        var started = TimeProvider.System.GetTimestamp();
        var ids = new List<int>();
        for (var n = 1; n <= Count; n++) ids.Add(await ann.SendAsync("publish", new JsonObject { ["channel"] = channel, ["data"] = new JsonObject { ["n"] = n } }));
        foreach (var id in ids) Assert.Equal(0, Code(await ann.ReplyAsync(id)));
        // One after the other they would take 100 × 100 ms.
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0.1, 0.1 * Count);
        for (var n = 1; n <= Count; n++)
        {
            var (offset, data) = await ann.PublicationAsync(channel);
            Assert.Equal((n, n), (offset, (int)data["n"]!));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_client_publishes_on_a_channel_stays_in_order_when_the_store_comes_and_goes(bool stalls)
    {
        await using var relay = new Relay(TestStore.Address(TestStore.Embedded));
        // Tries again whatever fails, so that there is something to be overtaken.
        await using var node = await ReadyAsync(relay, d => d with { RetryBudgetRatio = 1, BreakerMinimumThroughput = 10_000, RetryDelayMs = 150, TotalTimeoutMs = 2_000 });
        var channel = TestStore.Channel();
        await using var ann = await WireClient.ConnectAsync(node.Address);
        var random = new Random(3);
        var (acked, refused, n) = (new List<int>(), 0, 0);
        for (var round = 0; round < 20; round++)
        {
            var retries = await node.MetricAsync("chaos_dependency_retries_total");
            // Twenty under way at a time, so that one that has to be tried again has whom to be overtaken by.
            var (waiting, breaks) = (new List<(int Id, int N)>(), random.Next(20));
            for (var i = 0; i < 20; i++)
            {
                waiting.Add((await ann.SendAsync("publish", new JsonObject { ["channel"] = channel, ["data"] = new JsonObject { ["n"] = ++n, ["mid"] = $"m-{n}" } }), n));
                if (i != breaks) continue;
                if (stalls) relay.Stall();
                else relay.Cut();
            }

            // Some attempts end meanwhile, others do not.
            if (stalls) await Until.TrueAsync(async () => await node.MetricAsync("chaos_dependency_retries_total") > retries, "one is tried again");
            relay.Flow();
            foreach (var (id, number) in waiting)
            {
                if (Code(await ann.ReplyAsync(id)) == 0) acked.Add(number);
                else refused++;
            }

            await Until.TrueAsync(async () => (await node.GetAsync("/readyz")).Status == 200, "the node is ready again");
        }

        await using var reader = await WireClient.ConnectAsync(node.Address, "reader");
        var reply = await reader.CallAsync("history", new JsonObject { ["channel"] = channel, ["limit"] = -1 });
        int[] kept = [.. reply["history"]!["publications"]!.AsArray().Select(p => (int)p!["data"]!["n"]!)];
        Assert.True(kept.Order().SequenceEqual(kept), $"out of order: {string.Join(' ', kept)}");
        Assert.Empty(acked.Except(kept));
        Assert.True(acked.Count > 100, $"{acked.Count} acknowledged, {refused} refused: too few to say anything");
    }

    [Fact]
    public async Task A_node_starts_without_redis_and_serves_once_it_is_there()
    {
        await using var relay = new Relay(TestStore.Address(TestStore.Embedded));
        relay.Down();
        await using var node = await Node.StartAsync(redis: relay.Address);
        await using var ann = await WireClient.ConnectAsync(node.Address);
        Assert.Equal(100, Code(await ann.SubscribeAsync(TestStore.Channel())));
        relay.Up();
        await Until.TrueAsync(async () => (await node.GetAsync("/readyz")).Status == 200, "the node is ready");
        Assert.Equal(0, Code(await ann.SubscribeAsync(TestStore.Channel())));
    }
}
