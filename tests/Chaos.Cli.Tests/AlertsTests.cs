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

    [Fact]
    public async Task A_finished_run_is_replayed_with_the_owners_of_its_time()
    {
        using var folder = new TempFolder();
        var at = new DateTimeOffset(2026, 3, 30, 7, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds() * 1000;
        var journal = new List<string>
        {
            $$$"""{"kind":"run.started","at":{{{at}}},"format":1,"run":"r","seed":1,"command":"c","tool":"t","cores":2,"os":"o"}""",
            $$$"""{"kind":"experiment.started","at":{{{at}}},"x":"x","title":"t","checklist":"c","seed":1,"definition":{}}""",
        };
        for (var ms = 0; ms <= 240_000; ms += 15_000)
            journal.Add($$$"""{"kind":"metrics","at":{{{at + (ms * 1000L)}}},"x":"x","part":"eu.gateway-1","values":{"chaos_breaker_state{dependency=\"redis\"}":{{{(ms is >= 60_000 and < 150_000 ? 2 : 0)}}},"chaos_connections_active":9,"chaos_dependency_attempts_total":1}}""");
        var (exitCode, output, errors) = await ChaosProcess.RunAsync("alerts", "replay", folder.Write("journal.jsonl", string.Join('\n', journal) + "\n"), "--json");
        Assert.True(exitCode == 0, errors);
        using var replayed = JsonDocument.Parse(output);
        var alert = Assert.Single(replayed.RootElement.EnumerateArray());
        Assert.Equal(("breaker-open", "dora"), (alert.GetProperty("alert").GetString(), alert.GetProperty("owner").GetString()));
        // 30 s of hold time after it opens, and a minute of firing on after it closes.
        Assert.Equal("2026-03-30T07:01:30+00:00", alert.GetProperty("fired_at").GetString());
        Assert.Equal("2026-03-30T07:03:30+00:00", alert.GetProperty("resolved_at").GetString());
    }

    [Theory]
    [InlineData("alerts", "replay", "no-such-journal.jsonl")]
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
        Assert.Contains($"{alerts}:2:38: unknown condition 'gouge'", errors, StringComparison.Ordinal);
        Assert.Contains($"{onCall}:2:86: unknown person 'anna'", errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["out"]));
    }
}
