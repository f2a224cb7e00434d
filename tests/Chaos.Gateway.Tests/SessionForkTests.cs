using System.Buffers.Text;
using System.Text.Json.Nodes;
using Chaos.Gateway.Stores;
using Chaos.Gateway.Tests.Support;
using Chaos.Mutants;
using Microsoft.Extensions.DependencyInjection;

namespace Chaos.Gateway.Tests;

/// <summary>A resume token that is used in both regions while they are apart: one of the two sessions is kept, the same one in both, and the other is told.</summary>
// Regions that share a redis-server share its outbox, so they take turns.
[Collection(nameof(TwoRegions))]
public sealed class SessionForkTests
{
    private const int StateInvalidated = 3014;

    public static MatrixTheoryData<string, string> Cases => new([TestStore.Embedded, TestStore.Redis], ["eu", "us", "neither"]);

    private static string Token(WireClient client) => (string)client.ConnectReply!["data"]!["resume"]!;

    private static string Session(WireClient client) => (string)client.ConnectReply!["session"]!;

    private static string Generation(WireClient client) => (string)JsonNode.Parse(Base64Url.DecodeFromChars(Token(client).Split('.')[0]))!["Generation"]!;

    private static Task<WireClient> ConnectAsync(Node node, string? token) => WireClient.ConnectAsync(node.Address, "ann", data: new JsonObject { ["resume"] = token });

    private static async Task<WireClient> ResumeAsync(Node node, string token)
    {
        var client = await ConnectAsync(node, token);
        Assert.True((bool)client.ConnectReply!["data"]!["resumed"]!, client.ConnectReply.ToJsonString());
        return client;
    }

    /// <summary>A session of eu that both regions know, and the way between them cut in both directions.</summary>
    private static async Task<string> ApartAsync(TwoRegions regions)
    {
        await using var first = await ConnectAsync(regions.Eu, null);
        var channel = TestStore.Channel();
        await first.PublishAsync(channel, []);
        // The outbox keeps the order: whoever has the message has heard of the session before.
        await Until.TrueAsync(async () => await regions.Eu.MetricAsync("chaos_replication_entries_total", "outcome=\"applied\"") >= 1, "us knows the session");
        regions.ToUs.Down();
        regions.ToEu.Down();
        return Token(first);
    }

    private static void Together(TwoRegions regions)
    {
        regions.ToUs.Up();
        regions.ToEu.Up();
    }

    private static async Task<List<JsonObject>> AuditAsync(Node node)
    {
        var (_, text) = await node.AdminAsync("/admin/audit", null, method: "GET");
        return [.. JsonNode.Parse(text)!["entries"]!.AsArray().Select(e => e!.AsObject()).Where(e => (string?)e["action"] == "session.forked")];
    }

    private static Task<double> ForksAsync(Node node) => node.MetricAsync("chaos_session_forks_total");

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task One_of_the_two_is_kept_in_both_regions_and_the_other_connection_begins_afresh(string store, string busier)
    {
        await using var regions = await TwoRegions.StartAsync(store);
        var token = await ApartAsync(regions);
        var nodes = new Dictionary<string, Node> { ["eu"] = regions.Eu, ["us"] = regions.Us };
        var clients = new Dictionary<string, WireClient> { ["eu"] = await ResumeAsync(regions.Eu, token), ["us"] = await ResumeAsync(regions.Us, token) };
        if (clients.TryGetValue(busier, out var before))
        {
            clients[busier] = await ResumeAsync(nodes[busier], Token(before));
            await before.DisposeAsync();
        }

        var keptIn = clients.ContainsKey(busier) ? busier : string.CompareOrdinal(Generation(clients["eu"]), Generation(clients["us"])) > 0 ? "eu" : "us";
        var endedIn = keptIn == "eu" ? "us" : "eu";
        await using var kept = clients[keptIn];
        await using var ended = clients[endedIn];
        Assert.Equal(Session(kept), Session(ended));
        var channel = TestStore.Channel();
        await kept.SubscribeAsync(channel);
        await ended.SubscribeAsync(TestStore.Channel());
        Together(regions);

        Assert.Equal(StateInvalidated, await ended.CloseCodeAsync());
        foreach (var node in nodes.Values)
        {
            await Until.TrueAsync(async () => await ForksAsync(node) > 0, "the fork is counted");
            Assert.Equal(1, await node.MetricAsync("chaos_session_forks_total", $"kept=\"{keptIn}\"", $"ended=\"{endedIn}\""));
            var details = Assert.Single(await AuditAsync(node))["details"]!;
            Assert.Equal((Session(kept), keptIn, endedIn), ((string)details["session"]!, (string)details["kept"]!, (string)details["ended"]!));
        }

        // Its client comes back with the token that it has, is told, and has a session of its own from there on, wherever it turns.
        foreach (var node in nodes.Values)
        {
            await using var back = await ConnectAsync(node, Token(ended));
            Assert.False((bool)back.ConnectReply!["data"]!["resumed"]!);
            Assert.Equal("forked", (string?)back.ConnectReply["data"]!["reason"]);
            Assert.NotEqual(Session(kept), Session(back));
            await using var again = await ResumeAsync(node, Token(back));
        }

        // The other one notices nothing, and goes on in either region, with the state that is its own.
        await kept.CallAsync("ping", []);
        var there = nodes[endedIn].Services.GetRequiredService<RedisConnection>();
        await Until.TrueAsync(async () => (await there.Database.HashGetAsync(there.Keys.Session(Session(kept)), "s")).ToString().Contains(channel, StringComparison.Ordinal), "its state is there too");
        await using var moved = await ResumeAsync(nodes[endedIn], Token(kept));
        Assert.Equal(Session(kept), Session(moved));
        Assert.Equal([channel], moved.ConnectReply!["data"]!["subscriptions"]!.AsObject().Select(s => s.Key));
        foreach (var node in nodes.Values) Assert.Equal(1, await ForksAsync(node));
    }

    [Fact]
    public async Task A_session_that_moves_there_and_back_is_no_fork_whatever_its_old_connections_still_save()
    {
        await using var regions = await TwoRegions.StartAsync(settings: s => s with { Resume = s.Resume with { SaveIntervalMs = 20 } });
        var token = Token(await ConnectAsync(regions.Eu, null));
        var (nodes, clients) = (new[] { regions.Us, regions.Eu }, new List<WireClient>());
        for (var move = 0; move < 6; move++)
        {
            var (from, to) = (nodes[(move + 1) % 2], nodes[move % 2]);
            var heard = TestStore.Channel();
            await using var teller = await WireClient.ConnectAsync(from.Address, "teller");
            await using var reader = await WireClient.ConnectAsync(to.Address, "reader");
            await reader.SubscribeAsync(heard);
            await teller.PublishAsync(heard, []);
            await reader.PublicationAsync(heard);
            var client = await ResumeAsync(to, token);
            token = Token(client);
            clients.Add(client);
            // All of them stay connected and change: what they save must neither count nor hurt.
            foreach (var each in clients) Assert.Null((await each.SubscribeAsync(TestStore.Channel()))["error"]);
        }

        foreach (var node in nodes)
        {
            await Until.TrueAsync(async () => await node.MetricAsync("chaos_replication_waiting") == 0, "everything has been told");
            Assert.Equal(0, await node.MetricAsync("chaos_replication_entries_total", "outcome=\"session-forked\""));
            Assert.Equal(0, await ForksAsync(node));
        }

        foreach (var client in clients)
        {
            Assert.NotNull((await client.CallAsync("ping", []))["ping"]);
            await client.DisposeAsync();
        }
    }

    [Fact]
    public async Task The_connection_that_ends_may_be_on_another_node_than_the_one_that_replicates()
    {
        await using var regions = await TwoRegions.StartAsync();
        var second = await regions.AddEuAsync("eu-2");
        var token = await ApartAsync(regions);
        await using var ended = await ResumeAsync(second, token);
        await using var once = await ResumeAsync(regions.Us, token);
        await using var kept = await ResumeAsync(regions.Us, Token(once));
        Together(regions);
        Assert.Equal(StateInvalidated, await ended.CloseCodeAsync());
        await Until.TrueAsync(async () => await ForksAsync(regions.Eu) + await ForksAsync(second) == 1, "one node of the region counts it");
        List<JsonObject> entries = [.. await AuditAsync(regions.Eu), .. await AuditAsync(second)];
        Assert.Single(entries);
    }

    [Fact]
    public async Task The_mutant_that_does_not_notice_lets_both_go_on()
    {
        await using var regions = await TwoRegions.StartAsync(customise: ((GatewayMutant)MutantCatalogue.Find("gateway.session-fork-unnoticed")!).Change);
        var token = await ApartAsync(regions);
        await using var here = await ResumeAsync(regions.Eu, token);
        await using var there = await ResumeAsync(regions.Us, token);
        Together(regions);
        foreach (var node in new[] { regions.Eu, regions.Us })
            await Until.TrueAsync(async () => await node.MetricAsync("chaos_replication_entries_total", "outcome=\"session-forked\"") == 1, "the other store has found it");
        Assert.NotNull((await here.CallAsync("ping", []))["ping"]);
        Assert.NotNull((await there.CallAsync("ping", []))["ping"]);
        Assert.Empty(await AuditAsync(regions.Eu));
        Assert.Empty(await AuditAsync(regions.Us));
    }
}
