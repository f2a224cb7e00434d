using Chaos.Journal.Events;
using Chaos.Journal.IO;

namespace Chaos.Cli.Tests;

/// <summary>What is left when somebody stops a run in the middle of a fault: nothing but a readable journal.</summary>
public sealed class SignalTests
{
    private static readonly TimeSpan CleanUp = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("INT", false)]
    [InlineData("INT", true)]
    [InlineData("TERM", false)]
    public async Task A_run_that_is_asked_to_stop_undoes_everything_and_says_interrupted(string signal, bool inBackground)
    {
        using var folder = new TempFolder();
        using var chaos = await InTheMiddleOfAFaultAsync(folder, inBackground);
        var parts = Parts(folder);

        chaos.Signal(signal);

        Assert.Equal(130, await chaos.ExitAsync(CleanUp));
        Assert.All(parts, p => Assert.False(ChaosProcess.IsAlive(p), $"process {p} is still there"));
        var events = JournalReader.Read(folder["out/journal.jsonl"]).Events;
        var undone = events.OfType<FaultOff>().Where(f => f.Fault == "slow").ToList();
        Assert.Equal("undo", Assert.Single(undone).Reason);
        Assert.Contains(events, e => e is LedgerFault { Fault: "slow", State: "removed" });
        Assert.Equal("interrupted", Assert.Single(events.OfType<ExperimentEnded>()).Reason);
        Assert.Equal(130, Assert.Single(events.OfType<RunEnded>()).ExitCode);
        Assert.True(File.Exists(folder["out/report.html"]), "an interrupted run has its report, too");
    }

    [Fact]
    public async Task A_run_that_is_killed_leaves_no_process_and_a_journal_up_to_that_moment()
    {
        using var folder = new TempFolder();
        using var chaos = await InTheMiddleOfAFaultAsync(folder);
        var parts = Parts(folder);

        chaos.Signal("KILL");

        await chaos.ExitAsync(CleanUp);
        await Wait.UntilAsync(() => !parts.Any(ChaosProcess.IsAlive), CleanUp, () => $"processes {string.Join(", ", parts.Where(ChaosProcess.IsAlive))} are still there");
        var journal = JournalReader.Read(folder["out/journal.jsonl"]);
        Assert.Empty(journal.Problems);
        Assert.Contains(journal.Events, e => e is FaultOn { Fault: "slow" });
        Assert.DoesNotContain(journal.Events, e => e is RunEnded);
        var (exitCode, output, _) = await ChaosProcess.RunAsync("judge", folder["out/journal.jsonl"]);
        Assert.Equal(130, exitCode);
        Assert.Contains("interrupted", output, StringComparison.Ordinal);
    }

    private static async Task<ChaosProcess> InTheMiddleOfAFaultAsync(TempFolder folder, bool inBackground = false)
    {
        var file = folder.Write("small.yaml", SmallExperiment.WithFaultFor("60s"));
        string[] arguments = ["run", file, "--out", folder["out"], "--seed", "7"];
        var chaos = inBackground ? ChaosProcess.StartInBackground(arguments) : ChaosProcess.Start(arguments);
        await Wait.UntilAsync(() => folder.Journal().Contains("\"delayed\"", StringComparison.Ordinal), TimeSpan.FromSeconds(120),
            () => $"no fault acted on traffic\n{chaos.Output}\n{chaos.Errors}");
        return chaos;
    }

    private static List<int> Parts(TempFolder folder)
    {
        var parts = JournalReader.Read(folder["out/journal.jsonl"]).Events.OfType<PartStarted>().Select(p => p.Pid).ToList();
        Assert.Equal(3, parts.Count); // proxy, store, gateway
        Assert.All(parts, p => Assert.True(ChaosProcess.IsAlive(p)));
        return parts;
    }
}
