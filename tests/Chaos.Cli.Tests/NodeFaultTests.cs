using Chaos.Journal;
using Chaos.Journal.Events;
using Chaos.Journal.IO;

namespace Chaos.Cli.Tests;

/// <summary>Faults on gateway nodes: what becomes of processes, sessions and the way to them.</summary>
public sealed class NodeFaultTests
{
    private static readonly TimeSpan CleanUp = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_node_that_is_killed_is_back_at_the_end_and_its_clients_with_it()
    {
        using var folder = new TempFolder();
        var (events, output) = await RunAsync(folder, Experiment("one-region", "{ name: killed, node: eu.gateway-1, fault: restart, for: 1s }"));

        var gateways = events.OfType<PartStarted>().Where(p => p.Role == "gateway").ToList();
        Assert.Equal(["eu.gateway-1", "eu.gateway-1"], gateways.Select(p => p.Name));
        Assert.Equal(2, gateways.Select(p => p.Pid).Distinct().Count());
        var left = Assert.Single(events.OfType<NodeLeft>());
        Assert.Equal(("killed", 20, 20), (left.How, left.Sessions, left.Left));
        // SIGKILL, by the convention of shells.
        Assert.Equal(137, events.OfType<PartEnded>().First(p => p.Role == "gateway").ExitCode);
        Assert.All(events.OfType<PartEnded>(), p => Assert.True(p.Expected, p.Name));
        // Cut with the node, refused while it was away, and back afterwards.
        Assert.True(events.OfType<LedgerClosed>().Count(c => c.By == "upstream" && c.Code is null) >= 20, output);
        Assert.Contains("passed", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_is_away_gets_no_clients_where_another_can_take_them()
    {
        using var folder = new TempFolder();
        var (events, output) = await RunAsync(folder, Experiment("three-nodes", "{ name: stopped, node: eu.gateway-2, fault: restart, for: 3s, attributes: { signal: stop } }"));

        var on = events.OfType<NodeLeft>().Single();
        var off = events.OfType<FaultOff>().Single(f => f.Fault == "stopped");
        Assert.Equal("stopped", on.How);
        Assert.InRange(on.Sessions, 5, 8);
        var meanwhile = events.OfType<ClientConnected>().Where(c => c.At > on.At && c.At < off.At).ToList();
        Assert.NotEmpty(meanwhile);
        Assert.DoesNotContain(meanwhile, c => c.Node == "eu.gateway-2");
        Assert.Contains("passed", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_is_interrupted_in_the_middle_of_a_release_leaves_no_process()
    {
        using var folder = new TempFolder();
        var file = folder.Write("small.yaml", Experiment("three-nodes", "{ name: v2, node: eu.gateway-3, fault: release, for: 60s }"));
        using var chaos = ChaosProcess.Start("run", file, "--out", folder["out"], "--seed", "7");
        await Wait.UntilAsync(() => chaos.HasExited || folder.Journal().Contains("\"eu.gateway-3-v2\"", StringComparison.Ordinal), TimeSpan.FromSeconds(120), () => $"no release was started\n{chaos.Output}\n{chaos.Errors}");

        chaos.Signal("INT");

        Assert.Equal(130, await chaos.ExitAsync(CleanUp));
        var events = JournalReader.Read(folder["out/journal.jsonl"]).Events;
        Assert.Equal("undo", Assert.Single(events.OfType<FaultOff>()).Reason);
        var started = events.OfType<PartStarted>().Select(p => p.Name).Order().ToList();
        Assert.Equal(6, started.Count); // proxy, store, three nodes, and the release
        Assert.Equal(started, events.OfType<PartEnded>().Select(p => p.Name).Order());
    }

    [Fact]
    public async Task A_node_that_is_drained_is_back_at_the_end()
    {
        using var folder = new TempFolder();
        var (events, output) = await RunAsync(folder, Experiment("three-nodes", "{ name: maintenance, node: eu.gateway-2, fault: drain, for: 3s }"));

        var left = Assert.Single(events.OfType<NodeLeft>());
        Assert.Equal(("drained", 0, 1000), (left.How, left.Left, left.WindowMs));
        Assert.InRange(left.Sessions, 5, 8);
        Assert.Equal(2, events.OfType<PartStarted>().Count(p => p.Name == "eu.gateway-2"));
        Assert.Contains("passed", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_is_paused_answers_nobody_and_then_again()
    {
        using var folder = new TempFolder();
        var (events, output) = await RunAsync(folder, Experiment("three-nodes", "{ name: paused, node: eu.gateway-2, fault: pause, for: 3s, attributes: { noticed_after: 100 } }"));

        var held = Assert.Single(events.OfType<NodeHeld>());
        Assert.Equal("paused", held.How);
        Assert.InRange(held.Sessions, 5, 8);
        var off = events.OfType<FaultOff>().Single(f => f.Fault == "paused");
        // Its metrics are asked for twice a second. An answer may have been on its way, and at the very end it runs again, before the fault is off.
        Assert.InRange(events.OfType<MetricsSampled>().Count(m => m.Part == "eu.gateway-2" && m.At > held.At && m.At < off.At - 1_000_000), 0, 1);
        Assert.Contains(events.OfType<MetricsSampled>(), m => m.Part == "eu.gateway-2" && m.At > off.At);
        Assert.Contains("passed", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_with_less_of_its_processor_answers_late()
    {
        using var folder = new TempFolder();
        var (events, _) = await RunAsync(folder, Experiment("one-region", "{ name: starved, node: eu.gateway-1, fault: cpu, for: 4s, attributes: { taken: 0.9, period: 1000 } }"));

        Assert.Equal(("throttled", 20), (events.OfType<NodeHeld>().Single().How, events.OfType<NodeHeld>().Single().Sessions));
        long on = events.OfType<FaultOn>().Single().At, off = events.OfType<FaultOff>().Single().At;
        var acks = events.OfType<ClientAcked>().SelectMany(a => a.SentAt.Zip(a.Us)).ToList();
        // Stopped for nine tenths of every second: half of what is due then waits for 350 ms more than it would, on a fast machine and on a slow one.
        Assert.True(Median(acks.Where(a => a.First > on && a.First < off)) > Median(acks.Where(a => a.First < on || a.First > off + 1_000_000)) + 150_000);

        static double Median(IEnumerable<(long First, long Second)> acks) => acks.Select(a => a.Second).Order().ElementAt(acks.Count() / 2);
    }

    [Fact]
    public async Task A_node_whose_clock_is_ahead_takes_tokens_for_expired_until_it_is_right_again()
    {
        using var folder = new TempFolder();
        // Tokens live for ten minutes.
        var (events, output) = await RunAsync(folder, Experiment("one-region", "{ name: ahead, node: eu.gateway-1, fault: clock_skew, for: 6s, attributes: { ms: 3600000 } }, { name: cut, link: eu.clients, fault: reset_peer, at: 1s, for: 200ms, stream: both, attributes: { timeout: 0 } }"));

        var clocks = events.OfType<NodeClock>().ToList();
        Assert.Equal([3_600_000, 0], clocks.Select(c => c.OffsetMs));
        Assert.Equal(20, clocks[0].Sessions);
        Assert.True(clocks[1].Judged >= 20, $"{clocks[1].Judged} connects were judged meanwhile");
        var cut = events.OfType<FaultOn>().Single(f => f.Fault == "cut").At;
        var off = events.OfType<FaultOff>().Single(f => f.Fault == "ahead").At;
        Assert.DoesNotContain(events.OfType<ClientConnected>(), c => c.At > cut && c.At < clocks[1].At - 1_000_000);
        Assert.Equal(20, events.OfType<ClientConnected>().Where(c => c.At > clocks[1].At - 1_000_000).Select(c => c.Client).Distinct().Count());
        Assert.True(clocks[1].At <= off);
        Assert.Contains("passed", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_is_paused_ends_with_a_harness_that_is_killed()
    {
        using var folder = new TempFolder();
        var file = folder.Write("small.yaml", Experiment("one-region", "{ name: paused, node: eu.gateway-1, fault: pause, for: 60s }"));
        using var chaos = ChaosProcess.Start("run", file, "--out", folder["out"], "--seed", "7");
        await Wait.UntilAsync(() => chaos.HasExited || folder.Journal().Contains("\"node.held\"", StringComparison.Ordinal), TimeSpan.FromSeconds(120), () => $"nothing was paused\n{chaos.Output}\n{chaos.Errors}");
        var parts = JournalReader.Read(folder["out/journal.jsonl"]).Events.OfType<PartStarted>().Select(p => p.Pid).ToList();
        Assert.Equal(3, parts.Count);

        chaos.Signal("KILL");

        await chaos.ExitAsync(CleanUp);
        await Wait.UntilAsync(() => !parts.Any(ChaosProcess.IsAlive), CleanUp, () => $"processes {string.Join(", ", parts.Where(ChaosProcess.IsAlive))} are still there");
    }

    private static async Task<(IReadOnlyList<JournalEvent> Events, string Output)> RunAsync(TempFolder folder, string experiment)
    {
        var (exitCode, output, errors) = await ChaosProcess.RunAsync("run", folder.Write("small.yaml", experiment), "--out", folder["out"], "--seed", "7");
        Assert.True(exitCode == 0, $"exit code {exitCode}\n{output}\n{errors}");
        return (JournalReader.Read(folder["out/journal.jsonl"]).Events, output);
    }

    private static string Experiment(string world, string fault) => $$"""
        id: small
        title: A node of a small world goes, and comes back
        checklist: Session resume token where feasible
        world: {{world}}
        gateway: { drain_window_ms: 1000 }
        fleet:
          client: reference
          count: 20
          channels: 2
          link: eu.clients
          policy: { base_ms: 100, cap_ms: 500, stable_ms: 1000 }
          feed: { from: clients, rate_per_s: 40 }
        steady_state:
          - { id: all-connected, check: connected, min_share: 1 }
        timeline:
          baseline: 1s
          faults: [ {{fault}} ]
          # Clients come back within half a second of the last fault, also where the machine stands still for some.
          recovery: 5s
        expectations:
          - { id: gapless, check: gapless, during: run, min_cuts: 0 }
          - { id: nothing-lost, check: loss, during: run }
        """;
}
