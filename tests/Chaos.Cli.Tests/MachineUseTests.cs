using System.Diagnostics;
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

    [Fact]
    public async Task What_does_not_pass_beside_others_on_a_full_machine_is_run_again_alone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux tells who uses the processors");
        using var folder = new TempFolder();
        Write(folder, "a-too-strict", "shared", TooStrict);
        Write(folder, "b-too-strict", "shared", TooStrict);
        using var busy = new BusyPrograms(2 * Environment.ProcessorCount);

        var (exitCode, output, errors) = await ChaosProcess.RunAsync("run", folder["files"], "--out", folder["out"], "--seed", "4711");

        Assert.True(exitCode is 1 or 2, $"exit code {exitCode}\n{output}\n{errors}");
        Assert.Contains("a-too-strict will be run again, alone: beside others it was ", output, StringComparison.Ordinal);
        Assert.Contains("at most 1 at a time from now on.", output, StringComparison.Ordinal);
        // All that happened stays in the file; what counts is the last run of each, one after the other.
        Assert.Equal(4, File.ReadLines(folder["out/journal.jsonl"]).Count(line => line.Contains("\"experiment.started\"", StringComparison.Ordinal)));
        var events = JournalReader.Read(folder["out/journal.jsonl"]).Events;
        var began = events.OfType<ExperimentStarted>().ToList();
        Assert.Equal(2, began.Count);
        Assert.All(began, e => Assert.StartsWith("beside others it was", e.Again, StringComparison.Ordinal));
        Assert.True(events.OfType<ExperimentEnded>().First(e => e.X == began[0].X).At <= began[1].At);
    }

    private static string TooStrict(string experiment) => experiment.Replace("min_cuts: 3", "min_cuts: 3000", StringComparison.Ordinal);

    private static void Write(TempFolder folder, string id, string machine, Func<string, string>? change = null)
    {
        Directory.CreateDirectory(folder["files"]);
        var experiment = SmallExperiment.WithFaultFor("2s").Replace("id: small", $"id: {id}\nmachine: {machine}", StringComparison.Ordinal);
        folder.Write($"files/{id}.yaml", change?.Invoke(experiment) ?? experiment);
    }

    private static long Faults(IReadOnlyList<JournalEvent> events, string id) => events.OfType<PhaseEntered>().First(p => p.X == id && p.Phase == "faults").At;

    /// <summary>Programs that take whatever the machine has left. Disposing ends them.</summary>
    private sealed class BusyPrograms : IDisposable
    {
        private readonly List<Process> _programs;

        public BusyPrograms(int count) => _programs = [.. Enumerable.Range(0, count).Select(_ => Process.Start("/bin/sh", ["-c", "while :; do :; done"]))];

        public void Dispose()
        {
            foreach (var program in _programs)
            {
                program.Kill();
                program.Dispose();
            }
        }
    }
}
