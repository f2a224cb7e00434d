using System.Diagnostics;
using Chaos.Client.Randomness;
using Chaos.Conformance.Worlds;
using Chaos.Journal.Events;
using Chaos.Load.Fleets;
using Chaos.Proxy.Client;
using Xunit;

namespace Chaos.Conformance;

/// <summary>Fleets as experiments use them.</summary>
public sealed class FleetTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(true, 11)]
    [InlineData(false, 12)]
    public async Task Fifty_clients_lose_nothing_to_random_resets(bool backstage, long seed)
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var world = await World.StartAsync(seed);
        string[] channels = [.. Enumerable.Range(1, 10).Select(i => $"acme:ch-{i:000}")];
        await using var fleet = await world.FleetAsync("reference", "proxy", 50, new FeedSpec(backstage, 200, 128), channels: channels);
        Assert.True(await fleet.StartAsync(Patience, cancel), "not all clients became live");
        fleet.StartFeed();
        var random = SeedTree.Stream(seed, "resets");
        for (var cut = 0; cut < 6; cut++)
        {
            var before = world.Journal.Of<ClientDisconnected>().Count;
            await world.Control.AddFaultAsync(World.Link, new FaultRequest($"cut-{cut}", "reset_peer", "both", 0.5,
                new() { ["timeout"] = random.Next(0, 100) }, 60_000), cancel);
            await Wait.UntilAsync(() => world.Journal.Of<ClientDisconnected>().Count > before + 10);
            await world.Control.RemoveFaultAsync(World.Link, $"cut-{cut}", cancel);
            await Wait.UntilAsync(() => fleet.Snapshot().Connected == 50);
        }

        await fleet.StopFeedAsync(Patience, cancel);
        Assert.True(await fleet.DrainAsync(Patience, cancel), "not everything that was acknowledged arrived");
        await fleet.StopAsync(cancel);

        world.Journal.AreGapless(50, channels);
        Assert.Equal(backstage ? 10 : 50, world.Journal.Of<FeedStopped>().Count);
        Assert.All(world.Journal.Of<ClientAcked>(), acked => Assert.StartsWith(backstage ? "feed-" : "c-", acked.Client));
        Assert.DoesNotContain(world.Journal.Of<ClientConnected>(), connected => connected.Client.StartsWith("feed-", StringComparison.Ordinal));
        // An attempt ends once: by itself, or (the last of a client) when the fleet stops.
        var attempts = world.Journal.Of<ClientAttempt>().CountBy(a => a.Client).ToDictionary();
        var ends = world.Journal.Of<ClientDisconnected>().Where(d => d.Cause != "local").CountBy(d => d.Client).ToDictionary();
        Assert.All(attempts, attempt => Assert.InRange(attempt.Value - ends.GetValueOrDefault(attempt.Key), 0, 1));
    }

    [Fact]
    public async Task A_child_ends_at_once_when_the_engine_is_gone()
    {
        var client = await Need.ClientAsync("centrifuge-js");
        using var child = Process.Start(new ProcessStartInfo("node", ["main.mjs"])
        {
            WorkingDirectory = client.Folder, RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        await child.StandardInput.WriteLineAsync("""
            {"protocol":1,"batch_ms":100,"dials_in_flight":50,"policy":{"base_ms":50,"cap_ms":400,"connect_timeout_ms":1000,"ping_slack_ms":500},"clients":[{"name":"c-0001","url":"ws://127.0.0.1:9/","channels":[]}]}
            """.Trim());
        await child.StandardInput.FlushAsync();
        Assert.Contains("ready", await child.StandardOutput.ReadLineAsync());
        await child.StandardInput.WriteLineAsync("""{"cmd":"start"}""");
        child.StandardInput.Close();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await child.WaitForExitAsync(deadline.Token);
    }

    [Fact]
    public async Task A_third_party_fleet_that_is_killed_is_a_failure_of_the_harness()
    {
        await using var world = await World.StartAsync();
        await using var fleet = await world.FleetAsync("centrifuge-js", "direct", 3);
        Assert.True(await fleet.StartAsync(Patience, TestContext.Current.CancellationToken));
        var external = Assert.IsType<Load.External.ExternalFleet>(fleet);
        using var child = Process.GetProcessById(external.ProcessId!.Value);
        child.Kill();
        await Wait.UntilAsync(() => external.Failure is not null);
        Assert.Single(world.Journal.Of<HarnessFailed>());
        Assert.Equal(0, fleet.Snapshot().Connected);
    }
}
