using System.Text.Json;
using Chaos.Experiments.Engine.Processes;
using Chaos.Journal.Events;
using Chaos.Journal.IO;

namespace Chaos.Cli.Tests;

/// <summary>Processes that are one part of a world after another.</summary>
public sealed class PartsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task The_next_experiment_has_the_processes_of_the_one_before_but_for_one_that_was_killed()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["files"]);
        var small = SmallExperiment.WithFaultFor("2s");
        folder.Write("files/a.yaml", small.Replace("id: small", "id: a", StringComparison.Ordinal).Replace("from: backstage", "from: clients", StringComparison.Ordinal)
            .Replace("    - { name: slow", "    - { name: killed, node: eu.gateway-1, fault: restart, at: 1500ms, for: 500ms }\n    - { name: slow", StringComparison.Ordinal));
        folder.Write("files/b.yaml", small.Replace("id: small", "id: b", StringComparison.Ordinal));

        var (exitCode, output, errors) = await ChaosProcess.RunAsync("run", folder["files"], "--out", folder["out"], "--seed", "4711");

        Assert.True(exitCode == 0, $"exit code {exitCode}\n{output}\n{errors}");
        var parts = JournalReader.Read(folder["out/journal.jsonl"]).Events.OfType<PartStarted>().ToLookup(p => p.X, p => (p.Name, p.Pid));
        var gateways = parts["a"].Where(p => p.Name == "eu.gateway-1").ToList();
        Assert.Equal(2, gateways.Count);
        Assert.Equal(parts["a"].Where(p => p != gateways[0]).Order(), parts["b"].Order());
        Assert.DoesNotContain(parts.SelectMany(p => p), p => ChaosProcess.IsAlive(p.Pid));
    }

    [Fact]
    public async Task A_process_is_what_it_is_told_until_that_ends_by_itself()
    {
        using var process = ChaosProcess.Start("parts");
        Begin(process, "store", "--listen", "127.0.0.1:0");
        await SaysAsync(process, "store.ready", 1);
        process.Say(PartProcess.End);
        await SaysAsync(process, PartProcess.Over(0), 1);
        Begin(process, "upstream", "--listen", "127.0.0.1:0");
        await SaysAsync(process, "upstream.ready", 1);
        process.Say(PartProcess.End);
        await SaysAsync(process, PartProcess.Over(0), 2);

        Begin(process, "upstream", "--listen", "nowhere");

        Assert.Equal(64, await process.ExitAsync(Patience));
        Assert.Contains("'nowhere' is no address", process.Errors, StringComparison.Ordinal);
    }

    private static void Begin(ChaosProcess process, params string[] command) => process.Say(JsonSerializer.Serialize((string[])[.. command, "--exit-with-parent"]));

    private static Task SaysAsync(ChaosProcess process, string what, int times) => Wait.UntilAsync(
        () => process.HasExited || process.Output.Split('\n').Count(line => line.Contains(what, StringComparison.Ordinal)) == times, Patience, () => $"{what} was not said {times} times\n{process.Output}\n{process.Errors}");
}
