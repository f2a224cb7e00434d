using System.Text.Json.Nodes;
using Chaos.Gateway.Channels;
using Chaos.Gateway.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Chaos.Gateway.Tests;

public sealed class ChannelLimitsTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(50));

    [Fact]
    public void A_limit_holds_for_its_channel_and_its_time()
    {
        var limits = new ChannelLimits(_time);
        limits.Set(new ChannelLimit("hot", 2, _time.GetUtcNow().AddSeconds(3)));
        Assert.Equal([true, true, false], [limits.TryTake("hot"), limits.TryTake("hot"), limits.TryTake("hot")]);
        Assert.True(limits.TryTake("cool"));
        _time.Advance(TimeSpan.FromMilliseconds(500));
        Assert.Equal([true, false], [limits.TryTake("hot"), limits.TryTake("hot")]);
        _time.Advance(TimeSpan.FromMilliseconds(2_500));
        Assert.All(Enumerable.Range(0, 10), _ => Assert.True(limits.TryTake("hot")));
    }

    [Fact]
    public void The_same_limit_again_gives_no_more_and_another_replaces_it()
    {
        var limits = new ChannelLimits(_time);
        var limit = new ChannelLimit("hot", 1, _time.GetUtcNow().AddSeconds(60));
        limits.Set(limit);
        Assert.True(limits.TryTake("hot"));
        limits.Set(limit with { });
        Assert.False(limits.TryTake("hot"));
        limits.Set(limit with { PerSecond = 2 });
        Assert.True(limits.TryTake("hot"));
        limits.Set(limit with { Until = _time.GetUtcNow() });
        Assert.All(Enumerable.Range(0, 10), _ => Assert.True(limits.TryTake("hot")));
    }

    [Fact]
    public async Task A_limit_reaches_every_node_also_one_that_starts_later()
    {
        await using var one = await Node.StartAsync();
        await using var two = await Node.StartAsync();
        var channel = TestStore.Channel();
        await one.AdminAsync("/admin/limit", new { channel, per_second = 1, for_ms = 60_000 });
        await AssertLimitedAsync(two, channel);
        await using var three = await Node.StartAsync();
        await AssertLimitedAsync(three, channel);
    }

    private static async Task AssertLimitedAsync(Node node, string channel)
    {
        await using var ann = await WireClient.ConnectAsync(node.Address);
        // The broadcast, or the first comparison with Redis, may be on its way still: more publishes than one a second allows come until it is there.
        await Until.TrueAsync(async () => (int?)(await ann.PublishAsync(channel, new JsonObject { ["text"] = "hot" }))["error"]?["code"] == 111, "a limited publish");
    }
}
