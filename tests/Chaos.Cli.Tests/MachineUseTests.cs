using Chaos.Journal.Events;
using Chaos.Journal.IO;

namespace Chaos.Cli.Tests;

/// <summary>What may run beside an experiment is what its file says.</summary>
public sealed class MachineUseTests
{
    [Fact]
    public async Task Pairs_begin_together_when_those_that_share_are_done_and_what_runs_alone_comes_last()
    {
        using var folder = new TempFolder();
        // By name, the other way round.
        Write(folder, "a-alone", "alone");
        Write(folder, "b-one-of-two", "pair");
        Write(folder, "c-other-of-two", "pair");
        Write(folder, "d-shared", "shared");

        var (exitCode, output, errors) = await ChaosProcess.RunAsync("run", folder["files"], "--out", folder["out"], "--seed", "4711");

        Assert.True(exitCode == 0, $"exit code {exitCode}\n{output}\n{errors}");
        var events = JournalReader.Read(folder["out/journal.jsonl"]).Events;
        var began = events.OfType<ExperimentStarted>().ToDictionary(e => e.X!, e => e.At);
        var ended = events.OfType<ExperimentEnded>().ToDictionary(e => e.X!, e => e.At);
        Assert.True(ended["d-shared"] <= Math.Min(began["b-one-of-two"], began["c-other-of-two"]));
        // Neither was over when the other began, and none of their processes was started while the other was judged.
        Assert.True(Math.Max(began["b-one-of-two"], began["c-other-of-two"]) < Math.Min(Faults(events, "b-one-of-two"), Faults(events, "c-other-of-two")));
        Assert.True(Math.Max(ended["b-one-of-two"], ended["c-other-of-two"]) <= began["a-alone"]);
    }

    private static void Write(TempFolder folder, string id, string machine)
    {
        Directory.CreateDirectory(folder["files"]);
        folder.Write($"files/{id}.yaml", SmallExperiment.WithFaultFor("2s").Replace("id: small", $"id: {id}\nmachine: {machine}", StringComparison.Ordinal));
    }

    private static long Faults(IReadOnlyList<JournalEvent> events, string id) => events.OfType<PhaseEntered>().First(p => p.X == id && p.Phase == "faults").At;
}
