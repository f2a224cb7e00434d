using Chaos.Journal.Events;
using Chaos.Journal.IO;
using Chaos.Proxy.Client;

namespace Chaos.Cli.Tests;

/// <summary>Somebody presses the proxy's stop button while a run goes on.</summary>
public sealed class HaltTests
{
    [Fact]
    public async Task Every_fault_goes_the_world_recovers_and_no_other_experiment_begins()
    {
        using var folder = new TempFolder();
        using var chaos = ChaosProcess.Start("run", folder.Write("a.yaml", Experiment("first")), folder.Write("b.yaml", Experiment("second")), "--out", folder["out"], "--seed", "7");
        await Wait.UntilAsync(() => chaos.HasExited || folder.Journal().Contains("\"node.left\"", StringComparison.Ordinal), TimeSpan.FromSeconds(120), () => $"no fault came\n{chaos.Output}\n{chaos.Errors}");
        using var proxy = new ControlClient(new Uri($"http://{JournalReader.Read(folder["out/journal.jsonl"]).Events.OfType<PartStarted>().Single(p => p.Role == "proxy").Address}"));

        await proxy.HaltAsync("that is enough");

        var exitCode = await chaos.ExitAsync(TimeSpan.FromSeconds(120));
        Assert.True(exitCode == 130, $"exit code {exitCode}\n{chaos.Output}\n{chaos.Errors}");
        var events = JournalReader.Read(folder["out/journal.jsonl"]).Events;
        Assert.Equal([("away", "halt"), ("gone", "halt"), ("slow", "halt")], events.OfType<FaultOff>().Select(f => (f.Fault, f.Reason)).Order());
        Assert.Empty(events.OfType<HarnessFailed>());
        // The node is put back, and there is time to see that it helped.
        Assert.Equal(2, events.OfType<PartStarted>().Count(p => p.Name == "eu.gateway-2"));
        Assert.Equal([Phases.World, Phases.Baseline, Phases.Faults, Phases.Recovery, Phases.Teardown], events.OfType<PhaseEntered>().Select(p => p.Phase));
        Assert.Equal(("interrupted", "all faults were halted: that is enough"), events.OfType<ExperimentEnded>().Select(e => (e.Reason, e.Message!)).Single());
        Assert.Equal("first", events.OfType<ExperimentStarted>().Single().X);
        Assert.Contains("somebody halted all faults", chaos.Output, StringComparison.Ordinal);
    }

    private static string Experiment(string id) => $$"""
        id: {{id}}
        title: A fleet meets three faults
        checklist: Session resume token where feasible
        world: near-regions
        fleet: { client: reference, count: 9, link: eu.clients, feed: { from: clients, rate_per_s: 20 } }
        timeline:
          baseline: 1s
          faults:
            - { name: slow, link: eu.clients, fault: latency, for: 120s, attributes: { latency: 20 } }
            - { name: away, fault: shift, between: [eu, uk], for: 120s }
            - { name: gone, node: eu.gateway-2, fault: restart, for: 120s }
          recovery: 1s
        expectations:
          - { id: nothing-lost, check: loss, during: run }
        """;
}
