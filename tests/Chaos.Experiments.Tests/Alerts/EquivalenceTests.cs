using Chaos.Experiments.Alerts.Conditions;
using Chaos.Experiments.Alerts.Definitions;
using Chaos.Experiments.Alerts.Evaluation;
using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Files;
using Chaos.Experiments.Tests.Files;
using Chaos.Journal.Events;
using Xunit;

namespace Chaos.Experiments.Tests.Alerts;

/// <summary>The evaluator and Prometheus give the same firings, at every evaluation, for the same series.</summary>
public sealed class EquivalenceTests
{
    /// <summary>Alerts of every condition, on limits that random series cross in both directions.</summary>
    private static readonly AlertsDefinition EveryCondition = EvaluatorTests.Alerts(
        EvaluatorTests.Alert("ratio", """{"of":"a_total{k=\"x\"}","to":"a_total","window":"5s","below":0.4,"at_least":3}""", 1, "ratio-below"),
        EvaluatorTests.Alert("ratio", """{"of":"a_total{k=~\"x|z\"}","to":"a_total","window":"7s","above":0.5,"per":["instance"]}""", 0, "ratio-above"),
        EvaluatorTests.Alert("growth", """{"of":"a_total{k!=\"x\"}","window":"4s","above":7.77,"per":["instance","k"]}""", 2, "growth"),
        EvaluatorTests.Alert("per_session", """{"of":"a_total","sessions":"g","window":"5s","above":3.21,"at_least":5}""", 1, "per-session"),
        EvaluatorTests.Alert("quantile", """{"of":"h_bucket","quantile":0.9,"above_ms":300,"window":"5s","at_least":2.5}""", 1, "quantile"),
        EvaluatorTests.Alert("quantile", """{"of":"h_bucket","quantile":0.5,"above_ms":150,"window":"3s","still":"1500ms","per":["instance"]}""", 0, "median"),
        EvaluatorTests.Alert("gauge", """{"of":"g","above":6.5,"per":["instance"]}""", 1, "gauge-above") with { KeepFiringFor = TimeSpan.FromSeconds(2) },
        EvaluatorTests.Alert("gauge", """{"of":"g{k!~\"y.*\"}","below":4.5}""", 2, "gauge-below"),
        EvaluatorTests.Alert("drop", """{"of":"g","window":"3s","below":0.6,"at_least":4}""", 0, "drop-all"),
        EvaluatorTests.Alert("drop", """{"of":"g","window":"3s","below":0.6,"per":["instance"]}""", 1, "drop-node"),
        EvaluatorTests.Alert("absent", """{"of":["g{k=\"x\",instance=\"n-1\"}","h_count"]}""", 1, "absent"),
        EvaluatorTests.Alert("unreachable", "{}", 1, "unreachable"),
        EvaluatorTests.Alert("silent", """{"of":"h_count","while":"g","window":"3s","per":["instance"]}""", 1, "silent"),
        EvaluatorTests.Alert("burn_rate", """{"good":"h_bucket{le=\"0.25\"}","all":"h_count","objective":0.9,"factor":3,"long":"9s","short":"3s","at_least":1.5}""", 1, "burn"));

    [Fact]
    public async Task On_random_series_of_every_condition()
    {
        Assert.Equal(ConditionCatalogue.All.Select(c => c.Name), EveryCondition.Alerts.Select(a => a.Condition).Distinct().Order(StringComparer.Ordinal));
        using var folder = new AlertFolder();
        var test = new PromtoolTest(EveryCondition, 1);
        for (var seed = 1; seed <= 25; seed++) test.Add(RandomSeries.Of(seed), 0, 40_000, RandomSeries.GridMs);
        // Alerts that never fire, or always do, would compare nothing.
        Assert.All(test.Fired, alert => Assert.True(alert.Value > test.Evaluations / 100 && alert.Value < test.Evaluations * 9 / 10, $"{alert.Key} fired at {alert.Value} of {test.Evaluations} evaluations"));
        Assert.Contains("SUCCESS", await Tools.PromtoolAsync("test", "rules", test.Write(folder)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dependency-latency", "dependency-slow")]
    [InlineData("redis-down", "breaker-open")]
    [InlineData("node-killed", "node-unreachable")]
    public async Task On_recorded_runs_with_the_shipped_alerts(string run, string fires)
    {
        const int GridMs = 10;
        const double Compress = 20;
        var (owned, _) = OwnedAlerts.Load(Path.Combine(Repository.Root(), "experiments", "alerts.yaml"));
        List<JournalEvent> events = [.. RecordedRun.Events(run).Select(e => e with { At = e.At / (GridMs * 1000) * (GridMs * 1000) })];
        var series = RecordedSeries.Of(events, owned!.Alerts.Job);
        var (from, to) = (events.OfType<MetricsSampled>().First().At / 1000, Fleets.EndUs(events) / 1000);
        var firings = AlertEvaluator.Firings(AlertEvaluator.Run(owned.Alerts, series, from, to, Compress));
        Assert.Contains(fires, firings.Select(f => f.Alert.Name));

        using var folder = new AlertFolder();
        var test = new PromtoolTest(owned.Alerts, Compress);
        test.Add(series, from, to, GridMs);
        Assert.Contains("SUCCESS", await Tools.PromtoolAsync("test", "rules", test.Write(folder)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[4s]", "[4500ms]")]
    [InlineData("> 6.5", "> 6.3")]
    [InlineData("for: 2s", "for: 1s")]
    [InlineData("keep_firing_for: 2s", "keep_firing_for: 3s")]
    [InlineData("quantile(0.9", "quantile(0.88")]
    [InlineData("0 * ", "1 * ")]
    public async Task A_small_difference_is_found(string from, string to)
    {
        using var folder = new AlertFolder();
        var test = new PromtoolTest(EveryCondition, 1);
        for (var seed = 1; seed <= 8; seed++) test.Add(RandomSeries.Of(seed), 0, 40_000, RandomSeries.GridMs);
        var path = test.Write(folder);
        var rules = File.ReadAllText(Path.Combine(folder.Path, "rules.yml"));
        Assert.Contains(from, rules, StringComparison.Ordinal);
        folder.Write("rules.yml", rules.Replace(from, to, StringComparison.Ordinal));
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => Tools.PromtoolAsync("test", "rules", path));
        Assert.Contains("FAILED", failure.Message, StringComparison.Ordinal);
    }
}
