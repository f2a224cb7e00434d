using System.Text.Json.Nodes;
using Chaos.Conformance.Worlds;
using Chaos.Journal.Events;
using Chaos.Load.External;
using Chaos.Load.Fleets;
using Chaos.Proxy.Client;
using Xunit;

namespace Chaos.Conformance;

/// <summary>
/// What a client of the protocol must see at the gateway, directly and through the proxy: the same for the reference client and for
/// the official centrifuge client, unmodified, which nobody here can bend to our own reading of the protocol.
/// </summary>
public sealed class ClientConformanceTests
{
    private const string Reference = "reference";
    private const string Centrifuge = "centrifuge-js";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static TheoryData<string, string> ClientsAndPaths => new()
    {
        { Reference, "direct" }, { Reference, "proxy" }, { Centrifuge, "direct" }, { Centrifuge, "proxy" },
    };

    public static TheoryData<string> Clients => [Reference, Centrifuge];

    [Theory]
    [MemberData(nameof(ClientsAndPaths))]
    public async Task Clients_connect_subscribe_and_publish(string client, string path)
    {
        await using var world = await World.StartAsync();
        string[] channels = ["acme:ch-001", "acme:ch-002"];
        await using var fleet = await world.FleetAsync(client, path, 4, new FeedSpec(false, 80, 128), channels: channels);
        await RunFeedAsync(fleet, async () => await Wait.UntilAsync(() => fleet.Snapshot().Acked >= 60));

        world.Journal.AreGapless(4, channels);
        Assert.Equal(4, world.Journal.Of<ClientConnected>().Count);
        Assert.Empty(world.Journal.Of<ClientError>());
        Assert.Empty(world.Journal.Of<ClientPublishFailed>());
        Assert.All(world.Journal.Of<ClientDisconnected>(), end => Assert.Equal("local", end.Cause));
        // One clock for child and engine: nothing arrives before it is due, and a loopback takes no half minute.
        Assert.All(world.Journal.Of<ClientDelivered>().SelectMany(d => d.Us), us => Assert.InRange(us, 0, 30_000_000));
    }

    [Theory]
    [MemberData(nameof(ClientsAndPaths))]
    public async Task A_cut_client_recovers_what_it_missed(string client, string path)
    {
        await using var world = await World.StartAsync();
        await using var fleet = await world.FleetAsync(client, path, 2, new FeedSpec(true, 100, 128));
        await RunFeedAsync(fleet, async () =>
        {
            for (var cut = 1; cut <= 3; cut++)
            {
                var before = world.Journal.Of<ClientDelivered>().Count;
                await Wait.UntilAsync(() => world.Journal.Of<ClientDelivered>().Count > before);
                if (path == "proxy") await world.CutAsync();
                else foreach (var user in new[] { "c-0001", "c-0002" }) await world.DisconnectAsync(user, 3001);
                var times = cut;
                await Wait.UntilAsync(() => world.Journal.Of<ClientSubscribed>().Count == 2 * (times + 1));
            }
        });

        world.Journal.AreGapless(2, ["acme:ch-001"]);
        var again = world.Journal.Of<ClientSubscribed>().Where(s => s.WasRecovering).ToArray();
        Assert.Equal(6, again.Length);
        Assert.All(again, s => Assert.True(s.Recovered));
        var ends = world.Journal.Of<ClientDisconnected>().Where(d => d.Cause != "local").ToArray();
        Assert.All(ends, end => Assert.Equal(path == "proxy" ? ("transport", null) : ("close", (int?)3001), (end.Cause, end.Code)));
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Publishes_that_a_cut_interrupts_arrive_exactly_once(string client)
    {
        await using var world = await World.StartAsync();
        await using var fleet = await world.FleetAsync(client, "proxy", 2, new FeedSpec(false, 100, 128));
        await RunFeedAsync(fleet, async () =>
        {
            for (var cut = 1; cut <= 3; cut++)
            {
                var acked = fleet.Snapshot().Acked;
                await Wait.UntilAsync(() => fleet.Snapshot().Acked > acked + 10);
                await world.CutAsync();
                var times = cut;
                await Wait.UntilAsync(() => world.Journal.Of<ClientSubscribed>().Count == 2 * (times + 1));
            }
        });

        world.Journal.AreGapless(2, ["acme:ch-001"]);
    }

    [Theory]
    [MemberData(nameof(ClientsAndPaths))]
    public async Task A_token_is_refreshed_before_it_costs_the_connection(string client, string path)
    {
        await using var world = await World.StartAsync();
        await using var fleet = await world.FleetAsync(client, path, tokenTtl: TimeSpan.FromSeconds(2));
        Assert.True(await fleet.StartAsync(Patience, TestContext.Current.CancellationToken));
        await Wait.UntilAsync(() => world.Journal.Of<ClientToken>().Count(t => t.Purpose == "refresh") >= 2);
        Assert.Equal(1, fleet.Snapshot().Connected);
        Assert.Empty(world.Journal.Of<ClientDisconnected>());
        Assert.Equal("connect", world.Journal.Of<ClientToken>()[0].Purpose);
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task A_private_channel_is_subscribed_with_its_own_token(string client)
    {
        await using var world = await World.StartAsync();
        await using var fleet = await world.FleetAsync(client, "direct", channels: ["acme:private-a"]);
        Assert.True(await fleet.StartAsync(Patience, TestContext.Current.CancellationToken));
        Assert.Contains(world.Journal.Of<ClientToken>(), token => token.Purpose == "subscribe");
        Assert.Empty(world.Journal.Of<ClientError>());
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task A_client_comes_back_after_a_code_that_says_so(string client)
    {
        await using var world = await World.StartAsync();
        await using var fleet = await world.FleetAsync(client, "proxy");
        Assert.True(await fleet.StartAsync(Patience, TestContext.Current.CancellationToken));
        int[] codes = [3001, 3005, 3014, 4000];
        foreach (var code in codes)
        {
            var connected = world.Journal.Of<ClientConnected>().Count;
            await world.DisconnectAsync("c-0001", code);
            await Wait.UntilAsync(() => world.Journal.Of<ClientConnected>().Count == connected + 1 && fleet.Snapshot().Connected == 1);
        }

        var ends = world.Journal.Of<ClientDisconnected>();
        Assert.Equal(codes, ends.Select(end => end.Code ?? 0));
        Assert.All(ends, end => Assert.Equal(("close", false), (end.Cause, end.Terminal)));
    }

    [Theory]
    [InlineData(Reference, 3500)]
    [InlineData(Reference, 3503)]
    [InlineData(Reference, 4501)]
    [InlineData(Centrifuge, 3500)]
    [InlineData(Centrifuge, 3503)]
    [InlineData(Centrifuge, 4501)]
    public async Task A_client_stays_away_after_a_code_that_says_so(string client, int code)
    {
        await using var world = await World.StartAsync();
        await using var fleet = await world.FleetAsync(client, "proxy");
        Assert.True(await fleet.StartAsync(Patience, TestContext.Current.CancellationToken));
        await world.Control.AddFaultAsync(World.Link, new FaultRequest("close", "ws_close", "downstream", 1, new JsonObject { ["code"] = code, ["reason"] = "told" }, 60_000));
        await Wait.UntilAsync(() => fleet.Snapshot().Terminal == 1);
        var end = Assert.Single(world.Journal.Of<ClientDisconnected>());
        Assert.Equal(("close", code, true), (end.Cause, end.Code ?? 0, end.Terminal));
        Assert.Single(world.Journal.Of<ClientAttempt>());
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task A_refused_handshake_is_tried_again_until_it_is_let_in(string client)
    {
        await using var world = await World.StartAsync();
        await using var fleet = await world.FleetAsync(client, "proxy");
        Assert.True(await fleet.StartAsync(Patience, TestContext.Current.CancellationToken));
        await world.Control.AddFaultAsync(World.Link, new FaultRequest("refuse", "ws_handshake", "upstream", 1, new JsonObject { ["status"] = 503 }, 60_000));
        await world.CutAsync();
        await Wait.UntilAsync(() => world.Journal.Of<ClientDisconnected>().Count(end => end.Cause == "handshake") >= 3);
        await world.Control.RemoveFaultAsync(World.Link, "refuse");
        await Wait.UntilAsync(() => fleet.Snapshot().Connected == 1);

        Assert.All(world.Journal.Of<ClientDisconnected>().Where(end => end.Cause == "handshake"), end => Assert.Equal((503, false), (end.Code ?? 0, end.Terminal)));
        // One end for each attempt but the one that lives.
        Assert.Equal(world.Journal.Of<ClientAttempt>().Count - 1, world.Journal.Of<ClientDisconnected>().Count);
        // They count up from the cut; whether from 0 depends on how long the connection before it had lived.
        var attempts = world.Journal.Of<ClientAttempt>().Select(a => a.Attempt).Skip(1).Take(3).ToArray();
        Assert.Equal([attempts[0], attempts[0] + 1, attempts[0] + 2], attempts);
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task A_silent_link_is_given_up_within_ping_and_slack(string client)
    {
        await using var world = await World.StartAsync();
        await using var fleet = await world.FleetAsync(client, "proxy", policy: World.Policy with { PingSlackMs = 500 });
        Assert.True(await fleet.StartAsync(Patience, TestContext.Current.CancellationToken));
        await world.Control.AddFaultAsync(World.Link, new FaultRequest("hole", "blackhole", "both", 1, null, 60_000));
        await Wait.UntilAsync(() => world.Journal.Of<ClientDisconnected>().Count > 0);
        Assert.Equal("liveness", world.Journal.Of<ClientDisconnected>()[0].Cause);
        await world.Control.RemoveFaultAsync(World.Link, "hole");
        await Wait.UntilAsync(() => fleet.Snapshot().Connected == 1);
    }

    private static async Task RunFeedAsync(IFleet fleet, Func<Task> meanwhile)
    {
        var cancel = TestContext.Current.CancellationToken;
        Assert.True(await fleet.StartAsync(Patience, cancel), (fleet as ExternalFleet)?.Failure ?? "not all clients became live");
        fleet.StartFeed();
        await meanwhile();
        await fleet.StopFeedAsync(Patience, cancel);
        Assert.True(await fleet.DrainAsync(Patience, cancel), "not everything that was acknowledged arrived");
        await fleet.StopAsync(cancel);
    }
}
