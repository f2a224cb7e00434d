using System.Text.Json;
using Chaos.Experiments.Checks;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Files;
using Chaos.Experiments.Tests.Checks;
using Chaos.Experiments.Tests.Files;
using Chaos.Experiments.Verdicts;
using Chaos.Journal.Verdicts;
using Xunit;

namespace Chaos.Experiments.Tests.Alerts;

/// <summary>The shipped alerts on runs of the real gateway: each tells of its own fault, within its promise, and of no other.</summary>
public sealed class RecordedRunTests
{
    private static readonly OwnedAlerts Shipped = OwnedAlerts.Load(Path.Combine(Repository.Root(), "experiments", "alerts.yaml")).Owned!;

    [Theory]
    [InlineData("redis-down", "redis-down", "breaker-open", ExpectationOutcome.Met)]
    [InlineData("redis-down", "redis-down", "node-unreachable", ExpectationOutcome.Broken)]
    [InlineData("redis-down", "redis-down", "metrics-absent", ExpectationOutcome.Broken)]
    [InlineData("node-killed", "killed", "node-unreachable", ExpectationOutcome.Met)]
    [InlineData("node-killed", "killed", "breaker-open", ExpectationOutcome.Broken)]
    [InlineData("dependency-latency", "redis-slow", "dependency-slow", ExpectationOutcome.Met)]
    [InlineData("dependency-latency", "redis-slow", "connections-lost", ExpectationOutcome.Broken)]
    public void An_alert_tells_of_its_fault_alone(string run, string fault, string alert, ExpectationOutcome outcome)
    {
        var result = Judge(run, fault, "alert", new { alert, compress = 20 });
        Assert.True(result.Outcome == outcome, $"{result.Outcome}: {result.Sentence}");
    }

    [Theory]
    [InlineData("dependency-latency")]
    [InlineData("node-killed")]
    public void Before_the_fault_nobody_is_paged(string run)
    {
        var result = Judge(run, "baseline", "pages_nobody", new { compress = 20, min_readings = 6 });
        Assert.True(result.Outcome == ExpectationOutcome.Met, result.Sentence);
        Assert.Equal(ExpectationOutcome.Broken, Judge(run, "run", "pages_nobody", new { compress = 20 }).Outcome);
    }

    private static ExpectationResult Judge(string run, string during, string check, object options)
    {
        var events = RecordedRun.Events(run);
        var definition = new JournalBuilder().Definition with { Alerts = Shipped };
        var expectation = new ExpectationDefinition("e", check, during, JsonSerializer.SerializeToNode(options)!.AsObject());
        return CheckCatalogue.Find(check)!.Evaluate(new CheckContext(events, definition, expectation, ExperimentWindows.Of(events).Find(during)!.Value));
    }
}
