using Chaos.Journal.Events;
using Chaos.Journal.IO;

namespace Chaos.Cli.Tests;

/// <summary>The same seed gives the same faults.</summary>
public sealed class RepeatabilityTests
{
    [Fact]
    public async Task Two_runs_with_one_seed_decide_the_same_on_every_connection_and_item_that_both_saw()
    {
        using var folder = new TempFolder();
        folder.Write("small.yaml", SmallExperiment.WithFaultFor("4s"));
        // Side by side: nothing here is judged by the clock.
        var runs = await Task.WhenAll(RunAsync(folder, "first", 4711), RunAsync(folder, "second", 4711), RunAsync(folder, "other", 4712));
        var (first, second, other) = (runs[0], runs[1], runs[2]);

        var sameRolls = Common(Rolls(first), Rolls(second));
        var sameDelays = Common(Delays(first), Delays(second));
        // Which items fall into the time of the fault depends on how fast the machine starts things: enough must overlap.
        Assert.True(sameRolls.Count >= 20, $"only {sameRolls.Count} rolls in common");
        Assert.True(sameDelays.Count >= 10, $"only {sameDelays.Count} delays in common");
        Assert.All(sameRolls, pair => Assert.Equal(pair.A, pair.B));
        Assert.All(sameDelays, pair => Assert.Equal(pair.A, pair.B));
        Assert.Contains(Common(Delays(first), Delays(other)), pair => pair.A != pair.B);
    }

    private static async Task<IReadOnlyList<JournalEvent>> RunAsync(TempFolder folder, string name, int seed)
    {
        var (exitCode, output, errors) = await ChaosProcess.RunAsync("run", folder["small.yaml"], "--out", folder[name], "--seed", $"{seed}");
        Assert.True(exitCode == 0, $"exit code {exitCode}\n{output}\n{errors}");
        Assert.Contains($"Seed {seed}. Repeat with: ./chaos run", output, StringComparison.Ordinal);
        foreach (var report in new[] { "report.html", "junit.xml", "summary.md", "summary.json" })
            Assert.True(new FileInfo(folder[$"{name}/{report}"]).Length > 0, report);
        return JournalReader.Read(folder[$"{name}/journal.jsonl"]).Events;
    }

    private static Dictionary<string, string> Rolls(IEnumerable<JournalEvent> events) =>
        events.OfType<LedgerRoll>().ToDictionary(r => $"{r.Link}/{r.Fault}/{r.Conn}", r => r.Hit.ToString());

    private static Dictionary<string, string> Delays(IEnumerable<JournalEvent> events) =>
        events.OfType<LedgerInjected>().Where(i => i.Action == "delayed").ToDictionary(i => $"{i.Link}/{i.Fault}/{i.Conn}/{i.Stream}/{i.Item}", i => $"{i.ConfiguredUs}");

    private static List<(string Key, string A, string B)> Common(Dictionary<string, string> a, Dictionary<string, string> b) =>
        [.. a.Keys.Intersect(b.Keys).Select(key => (key, a[key], b[key]))];
}
