namespace Chaos.Cli.Tests;

/// <summary>Unusable files and flags: every error at once, exit code 64, nothing started.</summary>
public sealed class FilesOnTheCommandLineTests
{
    [Fact]
    public async Task A_malformed_experiment_gives_every_error_with_its_place_and_starts_nothing()
    {
        using var folder = new TempFolder();
        var file = folder.Write("bad.yaml", SmallExperiment.WithFaultFor("-3s")
            .Replace("count: 10", "cuont: 10", StringComparison.Ordinal)
            .Replace("eu.clients, fault: reset_peer", "eu.nowhere, fault: reset_peer", StringComparison.Ordinal));

        var (exitCode, output, errors) = await ChaosProcess.RunAsync("run", file, "--out", folder["out"]);

        Assert.Equal(64, exitCode);
        Assert.Empty(output);
        Assert.Contains($"{file}:7:3: ", errors, StringComparison.Ordinal);
        Assert.Contains("count", errors, StringComparison.Ordinal);
        Assert.Contains("eu.nowhere", errors, StringComparison.Ordinal);
        Assert.Contains("-3s", errors, StringComparison.Ordinal);
        Assert.Contains("Nothing was started.", errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["out"]));
    }

    [Theory]
    [InlineData("run", "--sede", "1")]
    [InlineData("run", "--only", "no-such-experiment")]
    [InlineData("run", "--set", "fleet.count")]
    [InlineData("run", "no-such-file.yaml")]
    [InlineData("judge", "no-such-journal.jsonl")]
    [InlineData("mutants", "--mutant", "client.none-of-that-name")]
    [InlineData("gateway", "--mutant", "gateway.none-of-that-name")]
    [InlineData("proxy", "--listen", "0.0.0.0:0")]
    public async Task Flags_that_cannot_be_used_exit_with_64_and_a_message(params string[] arguments)
    {
        var (exitCode, output, errors) = await ChaosProcess.RunAsync(arguments);

        Assert.True(exitCode == 64, $"exit code {exitCode}\n{output}\n{errors}");
        Assert.NotEmpty(errors);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_experiment_of_the_project_is_valid()
    {
        var (exitCode, output, errors) = await ChaosProcess.RunAsync("validate");

        Assert.True(exitCode == 0, errors);
        Assert.Contains("no errors", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_published_schemas_are_those_of_the_code()
    {
        using var folder = new TempFolder();
        var (exitCode, output, errors) = await ChaosProcess.RunAsync("validate", "--write-schema", folder["schema"]);

        Assert.True(exitCode == 0, errors);
        var written = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("runbook.schema.json", written.Select(file => Path.GetFileName(file.Trim())));
        foreach (var file in written)
        {
            var published = Path.Combine(ChaosProcess.Root, "experiments", "schema", Path.GetFileName(file.Trim()));
            Assert.True(File.ReadAllText(file.Trim()) == File.ReadAllText(published), $"{published} is out of date: run ./chaos validate --write-schema experiments/schema");
        }
    }
}
