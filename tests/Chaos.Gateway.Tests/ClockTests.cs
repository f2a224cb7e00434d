using System.Text.Json.Nodes;
using Chaos.Gateway.Tests.Support;

namespace Chaos.Gateway.Tests;

/// <summary>A node whose wall clock is off: what it decides by the time of day, and what it does not.</summary>
public sealed class ClockTests
{
    private readonly SkewedClock _clock = new();

    [Theory]
    [InlineData(-3600)]
    [InlineData(3600)]
    public void The_time_of_day_moves_and_the_passing_of_time_does_not(int seconds)
    {
        var (day, started) = (_clock.GetUtcNow(), _clock.GetTimestamp());
        _clock.Offset = TimeSpan.FromSeconds(seconds);
        Assert.InRange((_clock.GetUtcNow() - day).TotalSeconds, seconds, seconds + 60);
        Assert.InRange(_clock.GetElapsedTime(started).TotalSeconds, 0, 60);
        _clock.Offset = TimeSpan.Zero;
        Assert.InRange((_clock.GetUtcNow() - day).TotalSeconds, 0, 60);
    }

    [Theory]
    [InlineData(-20, 30_000, 600, 0)]
    [InlineData(-20, 0, 600, 3500)]
    [InlineData(20, 30_000, 10, 0)]
    [InlineData(20, 0, 10, 109)]
    public async Task A_token_is_judged_by_the_nodes_own_clock_within_the_tolerance_that_it_was_told(int offSeconds, int toleranceMs, int ttlSeconds, int expected)
    {
        await using var node = await StartAsync(toleranceMs);
        _clock.Offset = TimeSpan.FromSeconds(offSeconds);
        await using var ann = await WireClient.OpenAsync(node.Address);
        var id = await ann.SendAsync("connect", new JsonObject { ["token"] = Tokens.Connect(ttlSeconds: ttlSeconds, notBefore: true) });
        if (expected >= 3000) Assert.Equal(expected, await ann.CloseCodeAsync());
        else Assert.Equal(expected, (int?)(await ann.ReplyAsync(id))["error"]?["code"] ?? 0);
    }

    [Fact]
    public async Task Whoever_is_let_in_by_the_tolerance_may_stay_until_it_is_used_up()
    {
        await using var node = await StartAsync(30_000);
        _clock.Offset = TimeSpan.FromSeconds(20);
        // Over for ten seconds by this clock, which is let in; by the grace alone it would have to go at once.
        await using var ann = await WireClient.ConnectAsync(node.Address, token: Tokens.Connect(ttlSeconds: 10));
        var pongs = await node.MetricAsync("chaos_rtt_seconds_count");
        await Until.TrueAsync(async () => await node.MetricAsync("chaos_rtt_seconds_count") > pongs + 5, "pings go on");
        Assert.Null(ann.Closed);
        Assert.NotNull((await ann.CallAsync("refresh", new JsonObject { ["token"] = Tokens.Connect(notBefore: true) }))["refresh"]);
    }

    [Fact]
    public async Task A_session_is_over_for_a_node_whose_clock_is_ahead_and_goes_on_once_it_is_right()
    {
        await using var node = await StartAsync(30_000);
        await using var first = await WireClient.ConnectAsync(node.Address);
        JsonObject resume = new() { ["resume"] = (string)first.ConnectReply!["data"]!["resume"]! };

        _clock.Offset = TimeSpan.FromHours(1);
        await using var early = await WireClient.ConnectAsync(node.Address, token: Tokens.Connect(ttlSeconds: 600, now: _clock.GetUtcNow()), data: resume.DeepClone().AsObject());
        Assert.Equal((false, "expired"), ((bool)early.ConnectReply!["data"]!["resumed"]!, (string?)early.ConnectReply["data"]!["reason"]));

        _clock.Offset = TimeSpan.Zero;
        await using var later = await WireClient.ConnectAsync(node.Address, data: resume);
        Assert.True((bool)later.ConnectReply!["data"]!["resumed"]!);
    }

    [Fact]
    public async Task Heartbeats_and_open_sessions_do_not_notice()
    {
        await using var node = await StartAsync(1_000);
        await using var ann = await WireClient.ConnectAsync(node.Address);
        foreach (var hours in new[] { -1, 1, 0 })
        {
            var pongs = await node.MetricAsync("chaos_rtt_seconds_count");
            _clock.Offset = TimeSpan.FromHours(hours);
            await Until.TrueAsync(async () => await node.MetricAsync("chaos_rtt_seconds_count") > pongs + 1, $"two more pings are answered, {hours} h off");
        }

        Assert.Null(ann.Closed);
        Assert.NotNull((await ann.CallAsync("ping", []))["ping"]);
    }

    private Task<Node> StartAsync(int toleranceMs) =>
        Node.StartAsync(s => s with { PingIntervalMs = 100, Jwt = s.Jwt with { ClockSkewMs = toleranceMs } }, time: _clock);
}
