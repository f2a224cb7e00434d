using System.Text.Json;

namespace Chaos.Cli.Tests;

/// <summary>Who is on call, and the files for Prometheus and Alertmanager.</summary>
public sealed class AlertsTests
{
    [Theory]
    // The handover of Monday, 30 March 2026, the day after clocks went forward; Cem has the weekend before.
    [InlineData("2026-03-30T08:59+02:00", "cem")]
    [InlineData("2026-03-30T09:00+02:00", "ana")]
    [InlineData("2026-03-30T07:00Z", "ana")]
    public async Task The_owner_at_a_moment_is_told(string at, string who)
    {
        var (exitCode, output, errors) = await ChaosProcess.RunAsync("alerts", "owner", "--at", at, "gateway", "--json");
        Assert.True(exitCode == 0, errors);
        using var owners = JsonDocument.Parse(output);
        var owner = Assert.Single(owners.RootElement.EnumerateArray());
        Assert.Equal(who, owner.GetProperty("who").GetString());
        Assert.Equal($"{who}@example.com", owner.GetProperty("email").GetString());
    }

    [Fact]
    public async Task The_files_are_written_and_the_next_handover_is_told()
    {
        using var folder = new TempFolder();
        var (exitCode, output, errors) = await ChaosProcess.RunAsync("alerts", "export", "--out", folder["monitoring"], "--at", "2026-03-29T12:00Z");
        Assert.True(exitCode == 0, errors);
        Assert.Contains("gateway: cem, platform: dora. The next handover is that of platform, at 2026-03-29T20:00+02:00.", output, StringComparison.Ordinal);
        Assert.Contains("alert: connection-success", await File.ReadAllTextAsync(folder["monitoring/chaos.rules.yml"], TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains("https://pager.example.com/cem", await File.ReadAllTextAsync(folder["monitoring/alertmanager.yml"], TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("alerts", "owner", "--at", "2026-03-30T09:00")]
    [InlineData("alerts", "owner", "--at", "2020-01-01T09:00Z")]
    [InlineData("alerts", "owner", "nobodys-team")]
    [InlineData("alerts", "owner", "--on-call", "no-such-file.yaml")]
    [InlineData("alerts", "export", "--out", "x", "--compress", "0")]
    [InlineData("alerts", "export")]
    public async Task Flags_that_cannot_be_used_exit_with_64_and_a_message(params string[] arguments)
    {
        var (exitCode, output, errors) = await ChaosProcess.RunAsync(arguments);
        Assert.True(exitCode == 64, $"exit code {exitCode}\n{output}\n{errors}");
        Assert.NotEmpty(errors);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_malformed_file_gives_every_error_with_its_place_and_writes_nothing()
    {
        using var folder = new TempFolder();
        var alerts = folder.Write("alerts.yaml", """
            alerts:
              - { name: a, title: A., condition: gouge, of: x, above: 1, for: 1m, within: 3m, severity: page, team: t, runbook: https://example.com }
            """);
        var onCall = folder.Write("on-call.yaml", """
            people: [ { name: ana, webhook: https://example.com } ]
            teams: [ { name: t, title: T., zone: Europe/Berlin, rotations: [ { name: r, people: [anna], begins: 2026-01-05T09:00, handover: week } ] } ]
            """);
        var (exitCode, output, errors) = await ChaosProcess.RunAsync("alerts", "export", "--alerts", alerts, "--out", folder["out"]);
        Assert.Equal(64, exitCode);
        Assert.Empty(output);
        Assert.Contains($"{alerts}:2:36: unknown condition 'gouge'", errors, StringComparison.Ordinal);
        Assert.Contains($"{onCall}:2:86: unknown person 'anna'", errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["out"]));
    }
}
