using System.Text.Json.Nodes;
using Chaos.Conformance.Worlds;
using Chaos.Journal;
using Chaos.Journal.Events;
using Chaos.Journal.IO;
using Chaos.Load.Fleets;
using Chaos.Proxy.Client;
using Xunit;

namespace Chaos.Conformance;

/// <summary>The proxy writes its ledger without knowing the journal's code: what it writes must read back as what it means.</summary>
public sealed class LedgerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_connection_is_told_from_its_handshake_to_its_end()
    {
        await using var world = await World.StartAsync();
        await using var fleet = await world.FleetAsync("reference", "proxy", 2, new FeedSpec(true, 50, 256));
        var from = world.Clock.NowUs;
        await LiveAsync(fleet);
        fleet.StartFeed();
        await Wait.UntilAsync(() => fleet.Snapshot().Delivered >= 20);
        await fleet.StopFeedAsync(Patience, TestContext.Current.CancellationToken);
        await world.DisconnectAsync("c-0001", 3503);
        await Wait.UntilAsync(() => world.Ledger().OfType<LedgerClosed>().Any());
        var to = world.Clock.NowUs;

        var ledger = world.Ledger();
        Assert.All(ledger, entry => Assert.InRange(entry.At, from - 50_000, to + 50_000));
        var opened = ledger.OfType<LedgerOpened>().Single(o => o.Labels!["client"] == "c-0001");
        Assert.Equal((World.Link, "/connection/websocket", "eu"), (opened.Link, opened.Labels!["path"], opened.Labels["region"]));
        var handshake = ledger.OfType<LedgerHandshake>().Single(h => h.Conn == opened.Conn);
        Assert.Equal((101, "upstream", "c-0001"), (handshake.Status, handshake.By, handshake.Client));
        Assert.InRange(handshake.ArrivedAt, from - 50_000, handshake.At);
        var closed = ledger.OfType<LedgerClosed>().Single(c => c.Conn == opened.Conn);
        Assert.Equal(("upstream", "close", 3503), (closed.By, closed.How, closed.Code ?? 0));
        Assert.Null(closed.Fault);
        // Connect and subscribe went up; their replies, the publications and the close frame came down.
        Assert.True(closed.FramesUp >= 1 && closed.FramesDown >= 3, closed.ToString());
        Assert.True(closed.BytesUp > 0 && closed.BytesDown > closed.FramesDown, closed.ToString());
        Assert.InRange(closed.LastDownAt, handshake.At, closed.At);
        Assert.InRange(closed.LastUpAt, handshake.ArrivedAt, closed.At);
    }

    [Fact]
    public async Task A_fault_is_told_with_what_it_hit()
    {
        await using var world = await World.StartAsync();
        await using var fleet = await world.FleetAsync("reference", "proxy", 3);
        await LiveAsync(fleet);
        await world.Control.AddFaultAsync(World.Link, new FaultRequest("storm", "reset_peer", "both", 1, new JsonObject { ["timeout"] = 0 }, 60_000));
        await Wait.UntilAsync(() => world.Ledger().OfType<LedgerClosed>().Count(c => c.Fault == "storm") >= 3);
        await world.Control.RemoveFaultAsync(World.Link, "storm");
        await world.Control.AddFaultAsync(World.Link, new FaultRequest("short", "latency", "downstream", 1, new JsonObject { ["latency"] = 1 }, 200));
        await Wait.UntilAsync(() => world.Ledger().OfType<LedgerFault>().Any(f => f is { Fault: "short", State: "expired" }));

        var ledger = world.Ledger();
        Assert.Equal([("storm", "added"), ("storm", "removed"), ("short", "added"), ("short", "expired")],
            ledger.OfType<LedgerFault>().Select(f => (f.Fault, f.State)));
        Assert.Equal("reset_peer", ledger.OfType<LedgerFault>().First().Type);
        var cut = ledger.OfType<LedgerClosed>().Where(c => c.Fault == "storm").ToArray();
        Assert.All(cut, c => Assert.Equal(("fault", "rst"), (c.By, c.How)));
        // Every connection that was hit rolled for it first, and once.
        var rolls = ledger.OfType<LedgerRoll>().Where(r => r.Fault == "storm").ToArray();
        Assert.All(cut, c => Assert.True(Assert.Single(rolls, r => r.Conn == c.Conn).Hit));
        Assert.All(cut, c => Assert.Contains(ledger.OfType<LedgerInjected>(), i => i.Conn == c.Conn && i is { Fault: "storm", Action: "reset" }));
        Assert.Contains(world.Journal.Of<ClientDisconnected>(), d => d.Cause == "transport");
    }

    [Fact]
    public async Task A_refused_handshake_is_told_as_the_faults_doing()
    {
        await using var world = await World.StartAsync();
        await world.Control.AddFaultAsync(World.Link, new FaultRequest("refuse", "ws_handshake", "upstream", 1, new JsonObject { ["status"] = 429 }, 60_000));
        await using var fleet = await world.FleetAsync("reference", "proxy");
        Assert.False(await fleet.StartAsync(TimeSpan.FromMilliseconds(300), TestContext.Current.CancellationToken));
        await Wait.UntilAsync(() => world.Ledger().OfType<LedgerHandshake>().Any());
        var refused = world.Ledger().OfType<LedgerHandshake>().First();
        Assert.Equal((429, "fault", "c-0001"), (refused.Status, refused.By, refused.Client));
        Assert.Contains(world.Ledger().OfType<LedgerInjected>(), i => i is { Fault: "refuse", Action: "refused" });
    }

    [Fact]
    public async Task A_ledger_after_a_run_line_is_a_journal_without_problems()
    {
        await using var world = await World.StartAsync();
        await using (var fleet = await world.FleetAsync("reference", "proxy", 2, new FeedSpec(false, 50, 128)))
        {
            await LiveAsync(fleet);
            fleet.StartFeed();
            await world.Control.AddFaultAsync(World.Link, new FaultRequest("slow", "latency", "both", 1, new JsonObject { ["latency"] = 5 }, 60_000));
            await Wait.UntilAsync(() => world.Ledger().OfType<LedgerInjected>().Any(i => i.Action == "delayed"));
        }

        var path = Path.Combine(Directory.CreateTempSubdirectory("chaos-ledger-").FullName, "journal.jsonl");
        await using (var writer = new JournalWriter(path))
        {
            writer.Write(new RunStarted(JournalFormat.Version, "run", 1, "chaos run", "test", 1, "os") { At = world.Clock.NowUs });
            foreach (var entry in world.Ledger()) writer.Write(entry);
        }

        var content = JournalReader.Read(path);
        Assert.Empty(content.Problems);
        Assert.False(content.Torn);
        var delayed = content.Events.OfType<LedgerInjected>().First(i => i.Action == "delayed");
        Assert.Equal(5_000, delayed.ConfiguredUs);
        Assert.True(delayed.ObservedUs >= 5_000, delayed.ToString());
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    private static async Task LiveAsync(IFleet fleet) => Assert.True(await fleet.StartAsync(Patience, TestContext.Current.CancellationToken), "not all clients became live");
}
