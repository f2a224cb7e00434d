using System.Text.Json.Nodes;
using Chaos.Gateway.Tests.Support;
using Chaos.Mutants;

namespace Chaos.Gateway.Tests;

/// <summary>Each broken gateway serves a well-behaved client, and is broken in the way it says.</summary>
public sealed class MutantTests
{
    public static TheoryData<string> Names => [.. MutantCatalogue.All.OfType<GatewayMutant>().Select(m => m.Name)];

    private static int Code(JsonObject reply) => (int?)reply["error"]?["code"] ?? 0;

    private static Task<Node> StartAsync(string mutant, Func<Settings.GatewaySettings, Settings.GatewaySettings>? change = null, string? redis = null) =>
        Node.StartAsync(change, customise: ((GatewayMutant)MutantCatalogue.Find(mutant)!).Change, redis: redis);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_mutant_still_works(string mutant)
    {
        await using var node = await StartAsync(mutant);
        await using var ann = await WireClient.ConnectAsync(node.Address);
        var channel = TestStore.Channel();
        await ann.SubscribeAsync(channel);
        Assert.Equal(0, Code(await ann.PublishAsync(channel, new JsonObject { ["mid"] = "m" })));
        Assert.Equal(1, (await ann.PublicationAsync(channel)).Offset);
    }

    [Fact]
    public async Task Partial_recovery_says_recovered_without_the_oldest()
    {
        await using var node = await StartAsync("gateway.partial-recovery");
        await using var ann = await WireClient.ConnectAsync(node.Address);
        var channel = TestStore.Channel();
        var epoch = (string)(await ann.SubscribeAsync(channel))["subscribe"]!["epoch"]!;
        for (var n = 1; n <= 3; n++) await ann.PublishAsync(channel, []);
        await using var bob = await WireClient.ConnectAsync(node.Address, "bob");
        var reply = (await bob.RecoverAsync(channel, epoch, 0))["subscribe"]!;
        Assert.True((bool)reply["recovered"]!);
        Assert.Equal([3L], reply["publications"]!.AsArray().Select(p => (long)p!["offset"]!));
    }

    [Fact]
    public async Task Subscribe_before_auth_delivers_to_a_client_that_never_authenticated()
    {
        await using var node = await StartAsync("gateway.subscribe-before-auth");
        await using var eve = await WireClient.OpenAsync(node.Address);
        var channel = TestStore.Channel();
        await eve.SendRawAsync(WireClient.Message(1, "connect", new JsonObject { ["token"] = "bad" }) + "\n" + WireClient.Message(2, "subscribe", new JsonObject { ["channel"] = channel }));
        Assert.Equal(0, Code(await eve.ReplyAsync(2)));
        await node.AdminAsync("/admin/publish", new { channel, data = new { n = 1 } });
        Assert.Equal(1, (await eve.PublicationAsync(channel)).Offset);
    }

    [Fact]
    public async Task Open_authorisation_stolen_sessions_and_endless_tokens_are_honoured()
    {
        await using (var open = await StartAsync("gateway.auth-fails-open"))
        {
            await using var eve = await WireClient.ConnectAsync(open.Address);
            Assert.Equal(0, Code(await eve.SubscribeAsync(TestStore.Channel("other"))));
        }
        await using (var stolen = await StartAsync("gateway.resume-stolen"))
        {
            await using var ann = await WireClient.ConnectAsync(stolen.Address);
            await using var eve = await WireClient.ConnectAsync(stolen.Address, "eve", data: new JsonObject { ["resume"] = (string)ann.ConnectReply!["data"]!["resume"]! });
            Assert.True((bool)eve.ConnectReply!["data"]!["resumed"]!);
        }
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var endless = await Node.StartAsync(s => s with { PingIntervalMs = 600_000 }, time: time, customise: ((GatewayMutant)MutantCatalogue.Find("gateway.no-expiry")!).Change);
        await using var cid = await WireClient.ConnectAsync(endless.Address, token: Tokens.Connect(ttlSeconds: 10, now: time.GetUtcNow()));
        time.Advance(TimeSpan.FromSeconds(120));
        Assert.NotNull((await cid.CallAsync("ping", []))["ping"]);
    }

    [Theory]
    [InlineData("gateway.silent-drop")]
    [InlineData("gateway.unbounded-queue")]
    public async Task A_stalled_client_is_never_closed(string mutant)
    {
        await using var node = await StartAsync(mutant, s => s with { Limits = s.Limits with { QueueBytes = 65_536 } });
        await using var stalled = await StalledClient.ConnectAsync(node.Address);
        await using var ann = await WireClient.ConnectAsync(node.Address);
        var channel = TestStore.Channel();
        await stalled.SubscribeAsync(channel);
        var data = new JsonObject { ["pad"] = new string('x', 30_000) };
        for (var n = 0; n < 200; n++) Assert.Equal(0, Code(await ann.PublishAsync(channel, data)));
        Assert.Equal(2, await node.MetricAsync("chaos_connections_active"));
    }

    [Theory]
    [InlineData("gateway.no-breaker")]
    [InlineData("gateway.budget-ignores-retries")]
    public async Task Attempts_exceed_what_a_budget_allows(string mutant)
    {
        await using var relay = new Relay(TestStore.Address(TestStore.Embedded));
        await using var node = await StartAsync(mutant, redis: relay.Address);
        await Until.TrueAsync(async () => (await node.GetAsync("/readyz")).Status == 200, "the node is ready");
        await using var ann = await WireClient.ConnectAsync(node.Address);
        var requests = await node.MetricAsync("chaos_dependency_requests_total");
        var attempts = await node.MetricAsync("chaos_dependency_attempts_total");
        relay.Down();
        for (var n = 0; n < 40; n++) Assert.Equal(100, Code(await ann.PublishAsync(TestStore.Channel(), [])));
        requests = await node.MetricAsync("chaos_dependency_requests_total") - requests;
        attempts = await node.MetricAsync("chaos_dependency_attempts_total") - attempts;
        Assert.True(attempts > (1.1 * requests) + 10, $"{attempts} attempts for {requests} requests");
    }

    [Fact]
    public async Task Serial_publishes_pay_the_round_trip_one_after_the_other()
    {
        await using var relay = new Relay(TestStore.Address(TestStore.Embedded));
        await using var node = await StartAsync("gateway.slow-redis-serial", redis: relay.Address);
        await Until.TrueAsync(async () => (await node.GetAsync("/readyz")).Status == 200, "the node is ready");
        await using var ann = await WireClient.ConnectAsync(node.Address);
        relay.Delay = TimeSpan.FromMilliseconds(20);
        var started = TimeProvider.System.GetTimestamp();
        var channel = TestStore.Channel();
        var ids = new List<int>();
        for (var n = 0; n < 12; n++) ids.Add(await ann.SendAsync("publish", new JsonObject { ["channel"] = channel, ["data"] = new JsonObject() }));
        foreach (var id in ids) Assert.Equal(0, Code(await ann.ReplyAsync(id)));
        // Side by side they take 40 ms.
        Assert.True(TimeProvider.System.GetElapsedTime(started).TotalMilliseconds >= 12 * 40);
    }
}
