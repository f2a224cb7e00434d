using System.Text.Json;
using System.Text.Json.Nodes;
using Chaos.Experiments.Engine.Alerting;
using Chaos.Journal;
using Chaos.Journal.Events;
using Chaos.Journal.IO;

namespace Chaos.Cli.Tests;

/// <summary>A real Prometheus and Alertmanager say of a run what the embedded evaluator says of it.</summary>
public sealed class RealAlertingTests : IDisposable
{
    private static readonly TimeSpan CleanUp = TimeSpan.FromSeconds(60);

    /// <summary>Both read the same counters, each at moments of its own: half a second between readings, three quarters between evaluations, and a machine that stands still for two seconds.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(4);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static void NeedPrograms()
    {
        var missing = AlertingPrograms.Find().Missing;
        if (missing is null) return;
        if (Environment.GetEnvironmentVariable("CHAOS_REQUIRE_ALL") == "1") Assert.Fail($"CHAOS_REQUIRE_ALL is set, but there is no {missing} on PATH");
        Assert.Skip($"there is no {missing} on PATH (Debian packages prometheus and prometheus-alertmanager)");
    }

    private static List<string> Outcomes(string summary) =>
        [.. JsonNode.Parse(summary)!["experiments"]!.AsArray().SelectMany(e => e!["expectations"]!.AsArray().Select(x => $"{e["id"]} {x!["id"]} {x["outcome"]}"))];

    private async Task<string> RunAsync(string name, params string[] more)
    {
        var (exit, output, errors) = await ChaosProcess.RunAsync(["run", "experiments/alerts", "--only", "alert-store-away", "--seed", "7", "--json", "--out", _folder[name], .. more]);
        Assert.True(exit == 0, $"{name} ended with {exit}: {output}{errors}");
        return output;
    }

    [Fact]
    public async Task A_run_has_the_same_verdict_and_the_same_firings_both_ways()
    {
        NeedPrograms();
        var real = await RunAsync("out", "--alerts", "prometheus");

        // Delivered across a handover, with the runbook, and resolved.
        var events = JournalReader.Read(_folder["out/journal.jsonl"]).Events;
        Assert.Equal("2.", Assert.Single(events.OfType<AlertingStarted>()).Prometheus[..2]);
        var paged = events.OfType<AlertDelivered>().Where(d => d.Alert == "breaker-open").ToList();
        Assert.All(paged, d => Assert.Equal(("platform", "dora", "page", "runbooks/alerts.md#breaker-open"), (d.Team, d.To, d.Severity, d.Runbook)));
        Assert.Equal(["firing", "resolved"], paged.Select(d => d.Status));

        // The same run without what was delivered is evaluated over its readings.
        Directory.CreateDirectory(_folder["bare"]);
        var bare = _folder.Write("bare/journal.jsonl", string.Concat(File.ReadLines(_folder["out/journal.jsonl"])
            .Where(l => JournalFormat.Parse(System.Text.Encoding.UTF8.GetBytes(l)) is not (AlertingStarted or AlertDelivered)).Select(l => l + "\n")));
        var (exit, judged, errors) = await ChaosProcess.RunAsync("report", bare, "--out", _folder["bare"]);
        Assert.True(exit == 0, judged + errors);
        Assert.Equal(Outcomes(real), Outcomes(await File.ReadAllTextAsync(_folder["bare/summary.json"], TestContext.Current.CancellationToken)));

        var (_, replayed, _) = await ChaosProcess.RunAsync("alerts", "replay", bare, "--compress", "20", "--json");
        var evaluated = JsonNode.Parse(replayed)!.AsArray().Where(a => a!["severity"]!.GetValue<string>() == "page")
            .Select(a => (Alert: a!["alert"]!.GetValue<string>(), At: a["fired_at"]!.Deserialize<DateTimeOffset>())).OrderBy(a => a.Alert, StringComparer.Ordinal).ToList();
        var delivered = events.OfType<AlertDelivered>().Where(d => d is { Severity: "page", Status: "firing" }).DistinctBy(d => (d.Alert, d.StartsAt))
            .Select(d => (d.Alert, At: DateTimeOffset.UnixEpoch.AddMicroseconds(d.StartsAt))).OrderBy(d => d.Alert, StringComparer.Ordinal).ToList();
        Assert.Contains("breaker-open", evaluated.Select(a => a.Alert));
        Assert.Equal(evaluated.Select(a => a.Alert), delivered.Select(d => d.Alert));
        // The others come of counters' growth over minutes, whose first increments the two see in different readings.
        var (here, there) = (evaluated.Single(a => a.Alert == "breaker-open").At, delivered.Single(d => d.Alert == "breaker-open").At);
        Assert.InRange((here - there).Duration(), TimeSpan.Zero, Apart);
    }

    [Fact]
    public async Task When_the_harness_is_killed_its_programs_end()
    {
        NeedPrograms();
        using var chaos = ChaosProcess.Start("run", "experiments/alerts", "--only", "alert-store-away", "--seed", "7", "--out", _folder["out"], "--alerts", "prometheus");
        await Wait.UntilAsync(() => _folder.Journal().Contains("\"alerting.started\"", StringComparison.Ordinal), TimeSpan.FromSeconds(120), () => $"{chaos.Output}\n{chaos.Errors}");
        var parts = JournalReader.Read(_folder["out/journal.jsonl"]).Events.OfType<PartStarted>().Where(p => p.Role is "prometheus" or "alertmanager").ToList();
        Assert.Equal(2, parts.Count);
        using var http = new HttpClient();
        foreach (var part in parts) Assert.True(await AnswersAsync(http, part.Address), $"{part.Role} does not answer at {part.Address}");

        chaos.Signal("KILL");

        await chaos.ExitAsync(CleanUp);
        foreach (var part in parts)
        {
            await Wait.UntilAsync(() => !ChaosProcess.IsAlive(part.Pid) && !AnswersAsync(http, part.Address).GetAwaiter().GetResult(), CleanUp, () => $"{part.Role} is still there, at {part.Address}");
        }
    }

    [Fact]
    public async Task Without_the_programs_it_is_said_what_to_install_and_nothing_is_started()
    {
        using var chaos = ChaosProcess.StartWithPath(Directory.CreateDirectory(_folder["empty"]).FullName, "run", "experiments/alerts", "--alerts", "prometheus", "--out", _folder["out"]);

        Assert.Equal(64, await chaos.ExitAsync(CleanUp));
        Assert.Contains("there is no prometheus and no alertmanager on PATH. Install them (Debian: apt-get install prometheus prometheus-alertmanager)", chaos.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["out"]));
    }

    [Theory]
    [InlineData("no chosen experiment judges alerts", "run", "--only", "idempotency", "--alerts", "prometheus")]
    [InlineData("'nagios' not recognized", "run", "experiments/alerts", "--alerts", "nagios")]
    [InlineData("compress time by 20 and 30, and a Prometheus runs at one pace", "run", "experiments/alerts", "--only", "alert-store-away", "--set", "expectations[paged].compress=30", "--alerts", "prometheus")]
    public async Task What_it_cannot_do_is_told(string expected, params string[] arguments)
    {
        var (exit, output, errors) = await ChaosProcess.RunAsync([.. arguments, "--out", _folder["out"]]);

        Assert.Equal(64, exit);
        Assert.Empty(output);
        Assert.Contains(expected, errors, StringComparison.OrdinalIgnoreCase);
        Assert.False(Directory.Exists(_folder["out"]));
    }

    private static async Task<bool> AnswersAsync(HttpClient http, string address)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri($"http://{address}/-/healthy"));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
