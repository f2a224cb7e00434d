using Chaos.Journal;
using Chaos.Journal.Events;
using Chaos.Journal.IO;

namespace Chaos.Cli.Tests;

/// <summary>Faults on the servers of stores: what is acknowledged outlives them, and nothing is left behind.</summary>
public sealed class StoreFaultTests : IDisposable
{
    private const string Process = "{ kind: process }";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_redis_server_that_is_killed_comes_back_with_what_it_had() => await KilledAsync(ProcessStore());

    [Fact]
    public async Task A_redis_server_that_is_told_to_stop_comes_back_too() => await RestartedAsync(ProcessStore(), ", attributes: { signal: stop }", "stopped");

    [Fact]
    public async Task A_redis_server_that_stands_still_goes_on() => await PausedAsync(ProcessStore());

    [Fact]
    public async Task A_container_that_is_killed_comes_back_with_what_it_had() => await KilledAsync(ContainerStore());

    [Fact]
    public async Task A_container_that_stands_still_goes_on() => await PausedAsync(ContainerStore());

    [Fact]
    public async Task A_redis_server_that_stands_still_ends_with_a_harness_that_is_killed()
    {
        var file = Write(ProcessStore(), "{ name: paused, node: eu.redis, fault: pause, for: 60s }");
        using var chaos = ChaosProcess.Start("run", file, "--world", _folder["real.yaml"], "--out", _folder["out"], "--seed", "7");
        await Wait.UntilAsync(() => chaos.HasExited || _folder.Journal().Contains("\"node.held\"", StringComparison.Ordinal), TimeSpan.FromSeconds(120), () => $"nothing was paused\n{chaos.Output}\n{chaos.Errors}");
        var store = JournalReader.Read(_folder["out/journal.jsonl"]).Events.OfType<PartStarted>().Single(p => p.Role == "store");

        chaos.Signal("KILL");

        await chaos.ExitAsync(TimeSpan.FromSeconds(60));
        await Wait.UntilAsync(() => !ChaosProcess.IsAlive(store.Pid) && !Listens(store.Address), TimeSpan.FromSeconds(60), () => $"the store {store.Pid} at {store.Address} is still there");
    }

    private Task KilledAsync(string store) => RestartedAsync(store, "", "killed");

    private async Task RestartedAsync(string store, string attributes, string how)
    {
        var events = await RunAsync(store, $"{{ name: gone, node: eu.redis, fault: restart, for: 3s{attributes} }}");
        var left = Assert.Single(events.OfType<NodeLeft>());
        Assert.Equal(("eu.redis", "eu.store", how), (left.Node, left.Part, left.How));
        Assert.True(left.Sessions > 0, "the gateway had no connection to it");
        Silent(events, left.At);
    }

    private async Task PausedAsync(string store)
    {
        var events = await RunAsync(store, "{ name: still, node: eu.redis, fault: pause, for: 3s }");
        var held = Assert.Single(events.OfType<NodeHeld>());
        Assert.Equal(("eu.redis", "eu.store", "paused"), (held.Node, held.Part, held.How));
        Assert.True(held.Sessions > 0, "the gateway had no connection to it");
        Silent(events, held.At);
    }

    /// <summary>Nothing is acknowledged while the store is away, and before and after it is.</summary>
    private static void Silent(IReadOnlyList<JournalEvent> events, long from)
    {
        var off = events.OfType<FaultOff>().Single().At;
        var acks = events.OfType<ClientAcked>().SelectMany(a => a.SentAt.Zip(a.Us, (sent, us) => (Sent: sent, At: sent + us))).ToList();
        Assert.Contains(acks, a => a.At < from);
        Assert.Contains(acks, a => a.At > off);
        // What was on its way may arrive late, and at the very end the store is there already, before the fault is off.
        Assert.DoesNotContain(acks, a => a.Sent > from + 100_000 && a.At < from + 2_000_000);
    }

    private async Task<IReadOnlyList<JournalEvent>> RunAsync(string store, string fault)
    {
        var (exit, output, errors) = await ChaosProcess.RunAsync("run", Write(store, fault), "--world", _folder["real.yaml"], "--out", _folder["out"], "--seed", "7");
        Assert.True(exit == 0, $"exit code {exit}\n{output}\n{errors}");
        return JournalReader.Read(_folder["out/journal.jsonl"]).Events;
    }

    private string Write(string store, string fault)
    {
        _folder.Write("real.yaml", $"name: real\nregions:\n  - {{ name: eu, gateways: 1, store: {store} }}\n");
        return _folder.Write("small.yaml", $$"""
            id: small
            title: The server of a small world's store goes, and comes back
            checklist: Session resume token where feasible
            world: one-region
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
              recovery: 4s
            expectations:
              - { id: gapless, check: gapless, during: run, min_cuts: 0 }
              - { id: nothing-lost, check: loss, during: run }
              - { id: clients-stay, check: connected, during: run }
            """);
    }

    private static bool Listens(string address) =>
        System.Net.NetworkInformation.IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(l => l.ToString() == address);

    private static string ProcessStore()
    {
        Need.Program("redis-server");
        return Process;
    }

    private static string ContainerStore() => $"{{ kind: container, image: \"{Need.RedisImage()}\" }}";
}
