using System.Text.Json;
using Chaos.Journal.Verdicts;
using Chaos.Reports.Trend;

namespace Chaos.Cli.Tests;

/// <summary>Nights with a small experiment, as a CI job runs them.</summary>
public sealed class NightlyTests
{
    private const string InTime = "  - { id: in-time, check: latency, during: run, p50_ms: 5000, p95_ms: 5000, min_samples: 100 }\n";
    private const string Mutant = "mutants:\n  - { name: client.stuck-offset, killed_by: gapless }\n";

    [Fact]
    public async Task A_night_runs_suite_and_mutants_is_kept_and_a_slower_one_later_exits_with_its_own_code()
    {
        using var folder = new TempFolder();
        var file = folder.Write("small.yaml", $"{SmallExperiment.WithFaultFor("3s")}\n{InTime}{Mutant}");
        Directory.CreateDirectory(folder["history"]);
        folder.Write("history/20260101-torn.json", "{\"format\":\"chaos-night\",");

        var (exitCode, output, errors) = await ChaosProcess.RunAsync("nightly", file, "--history", folder["history"], "--out", folder["first"], "--seed", "4711");

        Assert.True(exitCode == 0, $"exit code {exitCode}\n{output}\n{errors}");
        var repeat = $"./chaos nightly {file} --history {folder["history"]} --seed 4711";
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Matches($"^Night [0-9-]+seed4711-nightly: seed 4711. Repeat with: {System.Text.RegularExpressions.Regex.Escape(repeat)}$", lines[0]);
        Assert.Equal($"Seed 4711. Repeat with: {repeat}", lines[^1]);
        Assert.Contains("20260101-torn.json is damaged", output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        foreach (var report in new[] { "trend.html", "trend.md", "trend.json", "junit-trend.xml", "suite/report.html", "suite/junit.xml", "suite/journal.jsonl", "mutants/matrix.html" })
            Assert.True(new FileInfo(folder[$"first/{report}"]).Length > 0, report);
        var night = Assert.Single(new NightFolder(folder["history"]).Read().Nights);
        Assert.Equal((4711, repeat, Outcome.Passed), (night.Seed, night.Command, night.Outcome));
        Assert.True(Assert.Single(night.Mutants!).Killed);

        KeepFasterNights(folder["history"], night);
        (exitCode, output, errors) = await ChaosProcess.RunAsync("nightly", file, "--history", folder["history"], "--out", folder["second"], "--seed", "4712", "--no-mutants");

        var nights = new NightFolder(folder["history"]).Read().Nights;
        Assert.Equal(12, nights.Count);
        Assert.Equal(night.Experiments[0].Conditions, nights[^1].Experiments[0].Conditions);
        // Beside programs that take the processors, slow numbers are nobody's fault: then, and only then, nothing is flagged.
        var busy = nights[^1].Experiments[0].Load is { IsBusy: true };
        Assert.True(exitCode == (busy ? 0 : 6), $"exit code {exitCode}, busy: {busy}\n{output}\n{errors}");
        Assert.Contains(busy ? "Everything held. 0 numbers" : "Everything held, but 2 numbers got worse.", output, StringComparison.Ordinal);
        Assert.Contains(busy ? "other programs kept the machine busy" : "in-time: p95", await File.ReadAllTextAsync(folder[busy ? "second/trend.html" : "second/trend.md"]), StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["second/mutants"]));
    }

    [Fact]
    public async Task An_interrupted_night_is_not_kept_and_says_in_JSON_how_far_it_came()
    {
        using var folder = new TempFolder();
        var file = folder.Write("small.yaml", SmallExperiment.WithFaultFor("60s"));
        using var chaos = ChaosProcess.Start("nightly", file, "--history", folder["history"], "--out", folder["out"], "--seed", "3", "--json");
        await Wait.UntilAsync(() => chaos.HasExited || chaos.Errors.Contains("  faults", StringComparison.Ordinal), TimeSpan.FromSeconds(120), () => chaos.Output + chaos.Errors);

        chaos.Signal("INT");

        Assert.True(await chaos.ExitAsync(TimeSpan.FromSeconds(60)) == 130, chaos.Output + chaos.Errors);
        Assert.Empty(Directory.GetFiles(folder["history"]));
        Assert.True(File.Exists(folder["out/trend.html"]));
        Assert.False(Directory.Exists(folder["out/mutants"]));
        using var json = JsonDocument.Parse(chaos.Output);
        Assert.Equal("interrupted", json.RootElement.GetProperty("outcome").GetString());
        Assert.StartsWith("Seed 3. Repeat with: ./chaos nightly ", chaos.Errors.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nights", "--nights must be 7 to 365.", "--nights", "3")]
    [InlineData("nights", "--accept nothing: no chosen experiment has that id. There are: small.", "--accept", "nothing")]
    [InlineData("small.yaml", "a night cannot be kept there")]
    public async Task Unusable_options_are_refused_before_anything_runs(string history, string expected, params string[] words)
    {
        using var folder = new TempFolder();
        var file = folder.Write("small.yaml", SmallExperiment.WithFaultFor("3s"));

        var (exitCode, _, errors) = await ChaosProcess.RunAsync(["nightly", file, "--history", folder[history], "--out", folder["out"], .. words]);

        Assert.Equal(64, exitCode);
        Assert.Contains(expected, errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["out"]));
    }

    // Ten nights before, of the same experiment on the same machine, on which everything took a tenth of the time.
    private static void KeepFasterNights(string history, Night night)
    {
        for (var i = 1; i <= 10; i++)
        {
            var factor = 0.1 * (1 + (0.01 * i));
            new NightFolder(history).Add(night with
            {
                Run = $"20260101-0205{i:00}-seed{i}-nightly",
                Seed = i,
                StartedAt = night.StartedAt.AddDays(i - 20),
                Experiments = [.. night.Experiments.Select(e => e with
                {
                    Load = null,
                    Expectations = [.. e.Expectations.Select(x => x with { Measures = [.. x.Measures.Select(m => m.Unit == "ms" ? m with { Value = m.Value * factor } : m)] })],
                })],
            });
        }
    }
}
