using System.Text.Json.Nodes;
using Chaos.Gateway.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Chaos.Gateway.Tests;

public sealed class ResumeTests
{
    private static JsonObject With(string? token) => new() { ["resume"] = token };

    private static string Token(WireClient client) => (string)client.ConnectReply!["data"]!["resume"]!;

    private static (bool Resumed, string? Reason) Outcome(WireClient client) =>
        ((bool)client.ConnectReply!["data"]!["resumed"]!, (string?)client.ConnectReply["data"]!["reason"]);

    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task A_session_goes_on_on_another_node_with_its_subscriptions_and_positions(string store)
    {
        await using var one = await Node.StartAsync(s => s with { PingIntervalMs = 200 }, store);
        await using var two = await Node.StartAsync(store: store);
        var channel = TestStore.Channel(name: "private");
        await using var publisher = await WireClient.ConnectAsync(two.Address, "ann");
        await publisher.SubscribeAsync(channel, Tokens.Connect(channel: channel));
        string token;
        await using (var ann = await WireClient.ConnectAsync(one.Address))
        {
            token = Token(ann);
            await ann.SubscribeAsync(channel, Tokens.Connect(channel: channel));
            await publisher.PublishAsync(channel, new JsonObject { ["n"] = 1 });
            await ann.PublicationAsync(channel);
            // Two pings: the second one's pong is sent after the first one's was handled.
            var pings = ann.Pings;
            await Until.TrueAsync(() => ann.Pings >= pings + 2, "pings were answered");
            await ann.CallAsync("ping", []);
        }
        await Until.TrueAsync(async () => await one.MetricAsync("chaos_connections_active") == 0, "the connection has ended");
        await one.StopAsync();
        await publisher.PublishAsync(channel, new JsonObject { ["n"] = 2 });

        await using var resumed = await WireClient.ConnectAsync(two.Address, data: With(token));
        Assert.Equal((true, null), Outcome(resumed));
        Assert.NotEqual(token, Token(resumed));
        Assert.Equal(1, (long)resumed.ConnectReply!["data"]!["subscriptions"]![channel]!["offset"]!);
        // Neither token nor position: both are the session's.
        var reply = (await resumed.SubscribeAsync(channel))["subscribe"]!;
        Assert.True((bool)reply["recovered"]!);
        Assert.Equal([2], reply["publications"]!.AsArray().Select(p => (int)p!["data"]!["n"]!));
        Assert.True((bool)reply["expires"]!);
    }

    [Fact]
    public async Task A_token_that_is_tampered_with_replayed_stolen_or_expired_is_refused_and_audited_and_the_session_is_fresh()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var node = await Node.StartAsync(time: time, change: s => s with { Resume = s.Resume with { TtlS = 30 } });
        Task<WireClient> Connect(string? token, string user = "ann", string tenant = "acme") =>
            WireClient.ConnectAsync(node.Address, token: Tokens.Connect(user, tenant, now: time.GetUtcNow()), data: With(token));
        await using var first = await Connect(null);
        var token = Token(first);
        async Task Refused(string presented, string reason, string user = "ann", string tenant = "acme")
        {
            await using var client = await Connect(presented, user, tenant);
            Assert.Equal((false, reason), Outcome(client));
            Assert.Null(client.ConnectReply!["data"]!["subscriptions"]);
            Assert.NotEqual((string)first.ConnectReply!["session"]!, (string)client.ConnectReply["session"]!);
            Assert.NotNull(Token(client));
            Assert.Equal(103, (int)(await client.SubscribeAsync(TestStore.Channel(tenant, "private")))["error"]!["code"]!);
        }
        await Refused(token[..^2] + (token[^2] == 'A' ? "B" : "A") + token[^1], "tampered");
        await Refused("x" + token, "tampered");
        await Refused("nonsense", "tampered");
        await Refused(token, "stolen", user: "eve");
        await Refused(token, "stolen", tenant: "other");

        await using var second = await Connect(token);
        Assert.Equal((true, null), Outcome(second));
        Assert.Equal((string)first.ConnectReply!["session"]!, (string)second.ConnectReply!["session"]!);
        await Refused(token, "replayed");
        time.Advance(TimeSpan.FromSeconds(20));
        await using var third = await Connect(Token(second));
        Assert.Equal((true, null), Outcome(third));
        time.Advance(TimeSpan.FromSeconds(31));
        await Refused(Token(third), "expired");

        var (_, audit) = await node.AdminAsync("/admin/audit", null, method: "GET");
        var reasons = JsonNode.Parse(audit)!["entries"]!.AsArray().Where(e => (string?)e!["action"] == "resume.refused").Select(e => (string)e!["details"]!["reason"]!);
        Assert.Equal(["tampered", "tampered", "tampered", "stolen", "stolen", "replayed", "expired"], reasons);
    }
}
