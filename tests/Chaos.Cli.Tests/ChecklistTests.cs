using System.Text.Json.Nodes;

namespace Chaos.Cli.Tests;

/// <summary><c>chaos list --checklist</c>.</summary>
public sealed class ChecklistTests
{
    [Fact]
    public async Task Every_experiment_stands_at_a_line_of_the_checklist()
    {
        var lines = await JsonAsync("list", "--checklist", "--json");
        var experiments = await JsonAsync("list", "experiments", "--json");

        var placed = lines.SelectMany(line => line!["experiments"]!.AsArray()).Select(id => id!.GetValue<string>()).ToList();
        Assert.Equal(experiments.Select(e => e!["id"]!.GetValue<string>()).Order(StringComparer.Ordinal), placed.Distinct().Order(StringComparer.Ordinal));
        var known = lines.Select(line => line!["line"]!.GetValue<string>()).ToHashSet();
        Assert.All(experiments, e => Assert.All(e!["checklist"]!.AsArray(), line => Assert.Contains(line!.GetValue<string>(), known)));
        Assert.All(lines, line => Assert.True(line!["experiments"]!.AsArray().Count > 0, $"nothing shows that this holds: {line["line"]}"));
        var alerts = lines.Single(line => line!["line"]!.GetValue<string>() == "Pair metrics with clear alerts and an owner rotation")!;
        Assert.Contains("alert-store-away", alerts["experiments"]!.AsArray().Select(id => id!.GetValue<string>()));
        Assert.Contains("alerts.handover-in-utc", alerts["mutants"]!.AsArray().Select(name => name!.GetValue<string>()));
        var jitter = lines.Single(line => line!["line"]!.GetValue<string>() == "Jittered exponential backoff")!;
        Assert.Contains("client.fixed-delay", jitter["mutants"]!.AsArray().Select(name => name!.GetValue<string>()));
    }

    [Fact]
    public async Task Experiments_that_another_path_runs_are_listed_with_their_folder()
    {
        var (exitCode, output, errors) = await ChaosProcess.RunAsync("list", "--checklist");
        Assert.True(exitCode == 0, errors);
        // A narrow terminal breaks lines within a cell.
        var words = string.Join(' ', output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("(experiments/alerts)", words, StringComparison.Ordinal);
        Assert.DoesNotContain("none yet", words, StringComparison.Ordinal);
        Assert.DoesNotContain("(experiments/checklist)", words, StringComparison.Ordinal);
        Assert.Contains("28 of 28 lines have an experiment.", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_of_ones_own_may_have_a_checklist_of_its_own()
    {
        using var folder = new TempFolder();
        folder.Write("small.yaml", SmallExperiment.WithFaultFor("1s"));
        var (exitCode, _, errors) = await ChaosProcess.RunAsync("list", "--checklist", folder["."]);
        Assert.Equal(64, exitCode);
        Assert.Contains("there is no CHECKLIST.md", errors, StringComparison.Ordinal);

        folder.Write("CHECKLIST.md", "# Ours\n\n## Calm\n\n- nobody notices\n");
        var (found, output, _) = await ChaosProcess.RunAsync("list", "--checklist", folder["."]);
        Assert.Equal(0, found);
        Assert.Contains("nobody notices", output, StringComparison.Ordinal);
        Assert.Contains("0 of 1 lines have an experiment.", output, StringComparison.Ordinal);
        Assert.Contains("is for a line that the checklist does not have", output, StringComparison.Ordinal);
    }

    private static async Task<JsonArray> JsonAsync(params string[] arguments)
    {
        var (exitCode, output, errors) = await ChaosProcess.RunAsync(arguments);
        Assert.True(exitCode == 0, errors);
        return JsonNode.Parse(output)!.AsArray();
    }
}
