using Chaos.Journal.Events;
using Chaos.Journal.IO;
using Chaos.Proxy.Client;

namespace Chaos.Cli.Tests;

/// <summary>Rehearsals in a real world, short ones: a slow store, and a flooded channel.</summary>
public sealed class RehearseTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task The_harness_follows_a_runbook_and_is_sooner_done_than_nobody()
    {
        using var folder = new TempFolder();
        var (exitCode, output, errors) = await ChaosProcess.RunAsync("rehearse", folder.Write("small.yaml", Runbook), "--auto", "--fault", "store-slow", "--seed", "7", "--out", folder["out"]);

        Assert.True(exitCode == 0, $"exit code {exitCode}\n{output}\n{errors}");
        var journal = JournalReader.Read(folder["out/journal.jsonl"]).Events;
        var (with, without) = (Of(journal, "small-7-auto"), Of(journal, "small-7-nobody"));
        Assert.Equal(["began", "detected", "diagnosed", "mitigated", "stable"], with.OfType<RehearsalMoment>().Select(m => m.Moment));
        Assert.Equal(["began", "detected", "stable"], without.OfType<RehearsalMoment>().Select(m => m.Moment));
        Assert.Equal(("mitigated", "schedule"), (with.OfType<FaultOff>().Single(f => f.Fault == "late").Reason, without.OfType<FaultOff>().Single(f => f.Fault == "late").Reason));
        Assert.Contains("The cause was named in 1 of 1 rehearsals (100 %, at least 95 % must be).", output, StringComparison.Ordinal);
        Assert.Equal(("passed", 0), journal.OfType<RunEnded>().Select(e => (e.Outcome, e.ExitCode)).Single());
        Assert.All(journal.OfType<PartEnded>(), p => Assert.True(p.Expected, p.Name));

        // The reports of the incident are functions of the journal alone.
        var (again, _, _) = await ChaosProcess.RunAsync("report", folder["out/journal.jsonl"], "--out", folder["again"]);
        Assert.Equal(0, again);
        foreach (var name in new[] { "incident.html", "incident.md", "incident.json" }) Assert.Equal(File.ReadAllText(folder[$"out/{name}"]), File.ReadAllText(folder[$"again/{name}"]));
    }

    [Fact]
    public async Task A_hot_channel_is_limited_and_the_others_are_well_again()
    {
        using var folder = new TempFolder();
        var (exitCode, output, errors) = await ChaosProcess.RunAsync("rehearse", folder.Write("small.yaml", Runbook), "--auto", "--no-compare", "--fault", "hot-channel", "--seed", "7", "--out", folder["out"]);

        Assert.True(exitCode == 0, $"exit code {exitCode}\n{output}\n{errors}");
        var events = JournalReader.Read(folder["out/journal.jsonl"]).Events;
        var flooded = events.OfType<FaultOn>().Single(f => f.Type == "flood").Link;
        Assert.StartsWith($"{flooded} is limited to", events.OfType<RehearsalEntry>().Single(e => e.What == "action").Title, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_runbook_that_looks_at_the_wrong_side_of_a_limit_is_caught()
    {
        using var folder = new TempFolder();
        const string right = "indicator: dependency_p50_ms, is: above";
        Assert.Contains(right, Runbook, StringComparison.Ordinal);
        var file = folder.Write("small.yaml", Runbook.Replace(right, "indicator: dependency_p50_ms, is: below", StringComparison.Ordinal));
        var (exitCode, output, errors) = await ChaosProcess.RunAsync("rehearse", file, "--auto", "--no-compare", "--fault", "hot-channel", "--seed", "7", "--out", folder["out"]);

        Assert.True(exitCode == 1, $"exit code {exitCode}\n{output}\n{errors}");
        Assert.Contains("Seed 7: store-slow was named, and it was hot-channel.", output, StringComparison.Ordinal);
        // What did not help was undone, and the next step found the cause.
        var entries = JournalReader.Read(folder["out/journal.jsonl"]).Events.OfType<RehearsalEntry>().ToList();
        Assert.Equal(["upstream"], entries.Where(e => e.What == "undo").Select(e => e.Step).Distinct());
        Assert.Contains(entries, e => e is { What: "action", Helped: true });
    }

    [Fact]
    public async Task A_person_goes_through_it_by_lines_on_standard_input()
    {
        using var folder = new TempFolder();
        using var chaos = ChaosProcess.Start("rehearse", folder.Write("small.yaml", Runbook), "--fault", "store-slow", "--seed", "7", "--out", folder["out"]);
        foreach (var line in new[] { "wait", "look", "note customers call", "hint", "explode", "diagnose store-slow", "act" }) chaos.Say(line);

        var exitCode = await chaos.ExitAsync(Patience);
        Assert.True(exitCode == 0, $"exit code {exitCode}\n{chaos.Output}\n{chaos.Errors}");
        var events = JournalReader.Read(folder["out/journal.jsonl"]).Events;
        Assert.Equal(["began", "detected", "diagnosed", "mitigated", "stable"], events.OfType<RehearsalMoment>().Select(m => m.Moment));
        Assert.Contains(events.OfType<RehearsalEntry>(), e => e is { What: "note", Title: "customers call", Step: "upstream" });
        Assert.Contains("'explode' is not understood. Type help.", chaos.Output, StringComparison.Ordinal);
        Assert.Contains("The cause was named: detected after", chaos.Output, StringComparison.Ordinal);
        Assert.Contains("customers call", await File.ReadAllTextAsync(folder["out/incident.md"], TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Halt_takes_every_fault_off_and_ends_every_process()
    {
        using var folder = new TempFolder();
        using var chaos = ChaosProcess.Start("rehearse", folder.Write("small.yaml", Runbook), "--fault", "store-slow", "--seed", "7", "--out", folder["out"]);
        await Wait.UntilAsync(() => chaos.HasExited || folder.Journal().Contains("\"fault.on\",", StringComparison.Ordinal) && folder.Journal().Contains("\"fault\":\"late\"", StringComparison.Ordinal),
            Patience, () => $"no fault began\n{chaos.Output}\n{chaos.Errors}");
        chaos.Say("halt");

        Assert.Equal(4, await chaos.ExitAsync(Patience));
        var events = JournalReader.Read(folder["out/journal.jsonl"]).Events;
        Assert.Equal("halted", events.OfType<RehearsalEnded>().Single().Reason);
        Assert.Equal(events.OfType<FaultOn>().Select(f => f.Fault).Order(), events.OfType<FaultOff>().Select(f => f.Fault).Order());
        Assert.Equal(events.OfType<PartStarted>().Select(p => p.Name).Order(), events.OfType<PartEnded>().Select(p => p.Name).Order());
    }

    [Fact]
    public async Task Clients_that_were_sent_to_a_region_that_is_full_are_sent_home()
    {
        using var folder = new TempFolder();
        var (exitCode, output, errors) = await ChaosProcess.RunAsync("rehearse", folder.Write("regions.yaml", RegionsRunbook), "--auto", "--no-compare", "--seed", "7", "--out", folder["out"]);

        Assert.True(exitCode == 0, $"exit code {exitCode}\n{output}\n{errors}");
        var events = JournalReader.Read(folder["out/journal.jsonl"]).Events;
        Assert.Equal(["began", "detected", "diagnosed", "mitigated", "stable"], events.OfType<RehearsalMoment>().Select(m => m.Moment));
        // On a machine that is busy it may be undone and done again before all is well.
        Assert.All(events.OfType<RehearsalEntry>().Where(e => e.What == "action"), e => Assert.Equal("New connections of eu's clients go to eu again.", e.Title));
        var home = events.OfType<FaultOff>().First(f => f.Fault == "away");
        Assert.Equal(("eu↔uk", "mitigated"), (home.Link, home.Reason));
        // Before it some were refused, and after it they came in where they live.
        Assert.Contains(events.OfType<ClientDisconnected>(), d => d.At < home.At && d.Code == 503);
        Assert.Contains(events.OfType<ClientConnected>(), c => c.At > home.At && c.Node!.StartsWith("eu.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_proxys_stop_button_ends_a_rehearsal_as_halt_does()
    {
        using var folder = new TempFolder();
        using var chaos = ChaosProcess.Start("rehearse", folder.Write("regions.yaml", RegionsRunbook), "--seed", "7", "--out", folder["out"]);
        await Wait.UntilAsync(() => chaos.HasExited || folder.Journal().Contains("\"fault\":\"away\"", StringComparison.Ordinal), Patience, () => $"no fault began\n{chaos.Output}\n{chaos.Errors}");
        using var proxy = new ControlClient(new Uri($"http://{JournalReader.Read(folder["out/journal.jsonl"]).Events.OfType<PartStarted>().Single(p => p.Role == "proxy").Address}"));
        await proxy.HaltAsync("enough");

        Assert.Equal(4, await chaos.ExitAsync(Patience));
        var events = JournalReader.Read(folder["out/journal.jsonl"]).Events;
        Assert.Equal("halted", events.OfType<RehearsalEnded>().Single().Reason);
        // One that was only just being put on when the button was pressed may be off without ever having been on.
        Assert.All(events.OfType<FaultOn>(), on => Assert.Contains(events.OfType<FaultOff>(), off => off.Fault == on.Fault));
        Assert.Empty(events.OfType<HarnessFailed>());
    }

    [Theory]
    [InlineData("--fault rain", "chaos: --fault rain: small has no such cause. There are: store-slow, hot-channel.")]
    [InlineData("--blind --fault store-slow", "chaos: --blind and --fault: one of them, please.")]
    [InlineData("--seeds 3", "chaos: --seeds and --no-compare go with --auto.")]
    [InlineData("--auto --seeds 0", "chaos: --seeds 0: it may be 1 to 200.")]
    [InlineData("--set stable.for=3", "--set stable.for: stable.for has no unit: 3")]
    public async Task What_cannot_be_rehearsed_is_refused(string flags, string message)
    {
        using var folder = new TempFolder();
        var (exitCode, _, errors) = await ChaosProcess.RunAsync(["rehearse", folder.Write("small.yaml", Runbook), .. flags.Split(' ')]);
        Assert.Equal(64, exitCode);
        Assert.Contains(message, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_shipped_runbooks_are_right()
    {
        var (exitCode, output, errors) = await ChaosProcess.RunAsync("validate", "experiments/runbooks");
        Assert.True(exitCode == 0, $"exit code {exitCode}\n{output}\n{errors}");
    }

    [Fact]
    public void Steps_of_the_shipped_runbooks_name_lines_of_the_checklist_as_they_are()
    {
        var experiments = Path.Combine(ChaosProcess.Root, "experiments");
        var lines = File.ReadAllLines(Path.Combine(experiments, "checklist", "CHECKLIST.md")).Where(l => l.StartsWith("- ", StringComparison.Ordinal)).Select(l => l[2..]).ToHashSet();
        var named = Directory.EnumerateFiles(Path.Combine(experiments, "runbooks"), "*.yaml").SelectMany(File.ReadLines)
            .Select(l => l.Trim()).Where(l => l.StartsWith("checklist: ", StringComparison.Ordinal)).Select(l => l["checklist: ".Length..].Trim('"')).ToList();
        Assert.NotEmpty(named);
        Assert.All(named, line => Assert.Contains(line, lines));
    }

    private static IReadOnlyList<JournalEvent> Of(IReadOnlyList<JournalEvent> journal, string id) => [.. journal.Where(e => e.X == id)];

    private const string RegionsRunbook = """
        id: regions
        title: Clients cannot connect.
        world: near-regions
        gateway: { limits: { max_connections: 14 } }
        fleet:
          regions: [ { region: eu, count: 10 }, { region: uk, count: 10 } ]
          channels: 5
          policy: { base_ms: 200, cap_ms: 2000, move_after: 100 }
          feed: { from: clients, rate_per_s: 20 }
        baseline: 3s
        gives_up_after: 100s
        patience: 12s
        stable: { budget: redis-narrow, for: 3s, error_share: 0.15 }
        causes:
          - name: elsewhere
            title: The clients of eu are sent to uk, which has room for 4 of them.
            faults:
              - { name: away, fault: shift, between: [eu, uk], for: 60s }
              - { name: break, link: eu.clients, fault: reset_peer, at: 500ms, for: 200ms, stream: both, attributes: { timeout: 0 } }
        steps:
          - id: imbalance
            title: Is one region full while the other is empty?
            look: [imbalance_ratio]
            probe: { indicator: imbalance_ratio, is: above, limit: 1.5, over: 3s, cause: elsewhere }
            action: { do: steer_home, region: eu }
        """;

    private const string Runbook = """
        # yaml-language-server: $schema=experiments/schema/runbook.schema.json
        id: small
        title: Something is wrong.
        world: one-region
        fleet: { count: 20, channels: 5, link: eu.clients, policy: { base_ms: 200, cap_ms: 2000 }, feed: { from: clients, rate_per_s: 40 } }
        standing:
          - { name: lines, link: eu.clients, fault: bandwidth, for: 1h, attributes: { rate: 80 } }
        baseline: 3s
        gives_up_after: 100s
        patience: 12s
        # The bounds of a machine that others use too: faults are far beyond them.
        stable: { budget: redis-narrow, for: 3s, error_share: 0.15 }
        causes:
          - name: store-slow
            title: The store answers late.
            faults:
              - { name: late, link: eu.redis, fault: latency, for: 40s, attributes: { latency: 300 } }
          - name: hot-channel
            title: One client floods one channel.
            flood: { rate_per_s: 110, bytes: 1024, for: 60s }
        steps:
          - id: upstream
            title: Is the store slow?
            look: [dependency_p50_ms]
            probe: { indicator: dependency_p50_ms, is: above, limit: 150, over: 3s, cause: store-slow }
            action: { do: reroute, link: eu.redis }
            hint: Every publish waits for the store.
          - id: channels
            title: Is a channel hot?
            look: [publishes_per_s]
            probe: { indicator: publishes_per_s, is: above, limit: 80, over: 3s, cause: hot-channel }
            action: { do: limit, channel: hottest, per_second: 2, for: 10m }
        """;
}
