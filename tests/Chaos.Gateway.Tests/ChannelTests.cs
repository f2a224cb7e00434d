using System.Text.Json.Nodes;
using Chaos.Gateway.Settings;
using Chaos.Gateway.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Chaos.Gateway.Tests;

public sealed class ChannelTests
{
    private static int Code(JsonObject reply) => (int?)reply["error"]?["code"] ?? 0;

    [Fact]
    public async Task Channels_are_authorised_by_tenant_rule_and_token()
    {
        await using var node = await Node.StartAsync();
        await using var ann = await WireClient.ConnectAsync(node.Address);
        var secret = TestStore.Channel(name: "private");
        string For(string user = "ann", string tenant = "acme", string? channel = null, double ttl = 60) => Tokens.Connect(user, tenant, ttl, channel ?? secret);

        Assert.Equal(0, Code(await ann.SubscribeAsync(TestStore.Channel())));
        Assert.Equal(103, Code(await ann.SubscribeAsync(TestStore.Channel("other"))));
        Assert.Equal(103, Code(await ann.SubscribeAsync("acmeevil:x")));
        Assert.Equal(102, Code(await ann.SubscribeAsync("nowhere")));
        Assert.Equal(107, Code(await ann.SubscribeAsync("acme:a b")));
        Assert.Equal(107, Code(await ann.SubscribeAsync("acme:" + new string('x', 300))));
        Assert.Equal(107, Code(await ann.CallAsync("subscribe", new JsonObject { ["channel"] = 5 })));
        Assert.Equal(103, Code(await ann.PublishAsync(TestStore.Channel("other"), [])));
        Assert.Equal(103, Code(await ann.CallAsync("history", new JsonObject { ["channel"] = TestStore.Channel("other") })));

        Assert.Equal(103, Code(await ann.SubscribeAsync(secret)));
        Assert.Equal(103, Code(await ann.PublishAsync(secret, [])));
        Assert.Equal(103, Code(await ann.SubscribeAsync(secret, For(user: "bob"))));
        Assert.Equal(103, Code(await ann.SubscribeAsync(secret, For(tenant: "other"))));
        Assert.Equal(103, Code(await ann.SubscribeAsync(secret, For(channel: secret + "x"))));
        Assert.Equal(103, Code(await ann.SubscribeAsync(secret, Tokens.Connect())));
        Assert.Equal(103, Code(await ann.SubscribeAsync(secret, "garbage")));
        Assert.Equal(109, Code(await ann.SubscribeAsync(secret, For(ttl: -30))));
        var reply = (await ann.SubscribeAsync(secret, For()))["subscribe"]!;
        Assert.True((bool)reply["expires"]!);
        Assert.InRange((int)reply["ttl"]!, 55, 60);
        Assert.Equal(0, Code(await ann.PublishAsync(secret, [])));
        Assert.Equal(105, Code(await ann.SubscribeAsync(secret, For())));
        Assert.Equal(0, Code(await ann.CallAsync("unsubscribe", new JsonObject { ["channel"] = secret })));
        Assert.Equal(103, Code(await ann.PublishAsync(secret, [])));
        Assert.Null(ann.Closed);
    }

    [Fact]
    public async Task A_subscription_ends_with_its_token_unless_it_is_refreshed()
    {
        // Tokens tell time in whole seconds.
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()));
        await using var node = await Node.StartAsync(s => s with { TokenExpiryGraceMs = 200 }, time: time);
        string For(string channel, double ttl) => Tokens.Connect(ttlSeconds: ttl, channel: channel, now: time.GetUtcNow());
        await using var ann = await WireClient.ConnectAsync(node.Address, token: Tokens.Connect(now: time.GetUtcNow()));
        var (kept, lost) = (TestStore.Channel(name: "private-kept"), TestStore.Channel(name: "private-lost"));
        Assert.Equal(0, Code(await ann.SubscribeAsync(kept, For(kept, 2))));
        Assert.Equal(0, Code(await ann.SubscribeAsync(lost, For(lost, 2))));
        Assert.Equal(109, Code(await ann.CallAsync("sub_refresh", new JsonObject { ["channel"] = kept, ["token"] = For(kept, -30) })));
        Assert.Equal(107, Code(await ann.CallAsync("sub_refresh", new JsonObject { ["channel"] = "acme:else", ["token"] = "t" })));
        var reply = (await ann.CallAsync("sub_refresh", new JsonObject { ["channel"] = kept, ["token"] = For(kept, 60) }))["sub_refresh"]!;
        Assert.InRange((int)reply["ttl"]!, 55, 60);
        // Two seconds, one of tolerance between clocks, and the grace.
        time.Advance(TimeSpan.FromMilliseconds(3_100));
        Assert.Equal(0, Code(await ann.CallAsync("ping", [])));
        Assert.DoesNotContain(ann.Rest(), m => m["push"]?["unsubscribe"] is not null);
        time.Advance(TimeSpan.FromMilliseconds(200));
        var push = await ann.NextAsync(m => m["push"]?["unsubscribe"] is not null, "the end of the subscription");
        Assert.Equal(lost, (string?)push["push"]!["channel"]);
        Assert.Equal(2501, (int)push["push"]!["unsubscribe"]!["code"]!);
        await ann.PublishAsync(kept, new JsonObject { ["n"] = 1 });
        await node.AdminAsync("/admin/publish", new { channel = lost, data = new { n = 2 } });
        Assert.Equal(1, (await ann.PublicationAsync(kept)).Offset);
        Assert.DoesNotContain(ann.Rest(), m => (string?)m["push"]?["channel"] == lost);
    }

    [Fact]
    public async Task Too_many_channels_are_106_and_asking_on_is_closed_with_3505()
    {
        await using var node = await Node.StartAsync(s => s with { Limits = s.Limits with { MaxChannels = 2, ChannelLimitStrikes = 3 } });
        await using var ann = await WireClient.ConnectAsync(node.Address);
        await ann.SubscribeAsync(TestStore.Channel());
        await ann.SubscribeAsync(TestStore.Channel());
        Assert.Equal(106, Code(await ann.SubscribeAsync(TestStore.Channel())));
        Assert.Equal(106, Code(await ann.SubscribeAsync(TestStore.Channel())));
        await ann.SendAsync("subscribe", new JsonObject { ["channel"] = TestStore.Channel() });
        Assert.Equal(3505, await ann.CloseCodeAsync());
    }

    [Fact]
    public async Task Commands_that_are_not_served_or_too_many_are_refused()
    {
        await using var node = await Node.StartAsync(s => s with { Limits = s.Limits with { CommandsPerSecond = 20, CommandStrikes = 50 } });
        await using var ann = await WireClient.ConnectAsync(node.Address);
        Assert.Equal(104, Code(await ann.CallAsync("rpc", new JsonObject { ["method"] = "x" })));
        Assert.Equal(108, Code(await ann.CallAsync("presence", new JsonObject { ["channel"] = "acme:x" })));
        Assert.Equal(104, Code(await ann.CallAsync("nonsense", [])));
        var flood = string.Join('\n', Enumerable.Range(1000, 60).Select(i => WireClient.Message(i, "ping", [])));
        await ann.SendRawAsync(flood);
        var refused = (await ann.NextAsync(m => m["error"] is not null, "a refusal"))["error"]!;
        Assert.Equal(111, (int)refused["code"]!);
        Assert.True((bool)refused["temporary"]!);
        await ann.SendRawAsync(flood);
        await ann.SendRawAsync(flood);
        Assert.Equal(3013, await ann.CloseCodeAsync());
    }

    [Fact]
    public async Task Bad_payloads_get_the_right_answer_and_hurt_nobody_else()
    {
        var schema = JsonNode.Parse("""{"type":"object","properties":{"n":{"type":"integer","minimum":0}},"required":["n"]}""")!.AsObject();
        await using var node = await Node.StartAsync(s => s with
        {
            Schemas = [new PayloadSchema { Pattern = "acme:typed-*", Schema = schema }],
            Limits = s.Limits with { MaxFrameBytes = 4096, MaxMessageBytes = 2048, MaxJsonDepth = 5 },
        });
        await using var other = await WireClient.ConnectAsync(node.Address, "other");
        async Task<int> CloseOf(Func<WireClient, Task> act)
        {
            await using var client = await WireClient.ConnectAsync(node.Address);
            await act(client);
            return await client.CloseCodeAsync();
        }
        await using var ann = await WireClient.ConnectAsync(node.Address);
        var typed = TestStore.Channel(name: "typed");
        Assert.Equal(0, Code(await ann.PublishAsync(typed, new JsonObject { ["n"] = 1 })));
        Assert.Equal(107, Code(await ann.PublishAsync(typed, new JsonObject { ["n"] = -1 })));
        Assert.Equal(107, Code(await ann.PublishAsync(typed, [])));
        Assert.Equal(107, Code(await ann.CallAsync("publish", new JsonObject { ["channel"] = typed })));
        Assert.Equal(107, Code(await ann.PublishAsync(TestStore.Channel(), new JsonObject { ["mid"] = 5 })));
        Assert.Equal(107, Code(await ann.PublishAsync(TestStore.Channel(), JsonNode.Parse("""{"a":{"a":{"a":{"a":{"a":{}}}}}}""")!.AsObject())));
        Assert.Equal(3501, await CloseOf(c => c.SendRawAsync("{\"id\":1,\"publish\":" + new string('[', 200) + new string(']', 200) + "}")));
        Assert.Equal(1009, await CloseOf(c => c.SendRawAsync(WireClient.Message(9, "ping", new JsonObject { ["x"] = new string('x', 2_100) }))));
        Assert.Equal(1009, await CloseOf(c => c.SendRawAsync(string.Join('\n', Enumerable.Repeat(WireClient.Message(9, "ping", new JsonObject { ["x"] = new string('x', 1_000) }), 5)))));
        Assert.Equal(1009, await CloseOf(async c =>
        {
            for (var i = 0; i < 5; i++) await c.SendRawAsync(new string(' ', 1_000), end: false);
        }));
        Assert.Equal(3501, await CloseOf(c => c.SendRawAsync("{\"id\":")));
        Assert.Equal(3501, await CloseOf(c => c.SendRawAsync("{}", System.Net.WebSockets.WebSocketMessageType.Binary)));
        Assert.Equal(1007, await CloseOf(c => c.SendRawAsync([0x22, 0xff, 0xfe, 0x22])));
        Assert.NotNull((await other.CallAsync("ping", []))["ping"]);
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_closed_with_3008_and_its_peers_do_not_notice()
    {
        await using var node = await Node.StartAsync(s => s with { Limits = s.Limits with { QueueBytes = 65_536, CloseTimeoutMs = 300 } });
        await using var reader = await WireClient.ConnectAsync(node.Address, "reader");
        await using var stalled = await StalledClient.ConnectAsync(node.Address);
        var channel = TestStore.Channel();
        await reader.SubscribeAsync(channel);
        await stalled.SubscribeAsync(channel);
        var pad = new string('x', 30_000);
        var published = 0;
        await Until.TrueAsync(async () =>
        {
            Assert.Equal(0, Code(await reader.PublishAsync(channel, new JsonObject { ["n"] = ++published, ["pad"] = pad })));
            return await node.MetricAsync("chaos_disconnects_total", "code=\"3008\"") == 1;
        }, "the stalled client is closed");
        for (var n = 1; n <= published; n++) Assert.Equal(n, (await reader.PublicationAsync(channel)).Offset);
    }
}
