using Chaos.Experiments.Files;
using Chaos.Experiments.Tests.Files;
using Xunit;

namespace Chaos.Experiments.Tests.Alerts;

public sealed class AlertFileTests
{
    [Fact]
    public void A_file_of_alerts_is_read_with_its_owners_and_defaults()
    {
        using var folder = new AlertFolder();
        var (owned, errors) = folder.Load();
        Assert.Empty(errors);
        Assert.Equal(("chaos-gateway", TimeSpan.FromSeconds(15)), (owned!.Alerts.Job, owned.Alerts.Interval));
        var alert = owned.Alerts.Alerts[0];
        Assert.Equal(("ratio", TimeSpan.FromMinutes(1), TimeSpan.Zero, "page", "gateway"), (alert.Condition, alert.For, alert.KeepFiringFor, alert.Severity, alert.Team));
        Assert.Equal("""{"of":"chaos_connections_total{outcome=\u0022connected\u0022}","to":"chaos_connections_total","window":"5m","below":0.9}""", alert.Options.ToJsonString());
        Assert.Equal(["ana", "bea"], Assert.Single(Assert.Single(owned.OnCall.Teams).Rotations).People);
    }

    [Fact]
    public void The_shipped_alerts_and_their_owners_are_right()
    {
        var (owned, errors) = OwnedAlerts.Load(Path.Combine(Repository.Root(), "experiments", "alerts.yaml"));
        Assert.Empty(errors);
        Assert.NotEmpty(owned!.Alerts.Alerts);
    }

    public static TheoryData<string, string, string, string> Slips => new()
    {
        { "an unknown condition", "condition: ratio", "condition: ration", "alerts.yaml:4:16: unknown condition 'ration'. Did you mean 'ratio'?" },
        { "an option of another condition", "window: 5m", "window: 5m\n    quantile: 0.9", "alerts.yaml:8:5: unknown key 'quantile' in alerts[0]. Known keys: name, title, condition, for, keep_firing_for, within, severity, team, runbook, of, to, window, above, below, at_least, per." },
        { "a missing option", "    to: chaos_connections_total\n", "", "alerts.yaml:2:5: alerts[0] lacks 'to'. The counter of all, as Prometheus selects it: a metric's name, with labels in braces. Quote it in single quotes." },
        { "a selector that is none", "to: chaos_connections_total", "to: 'chaos_connections_total{outcome}'", "alerts.yaml:6:9: alerts[0].to is not well formed: 'chaos_connections_total{outcome}'. The counter of all, as Prometheus selects it: a metric's name, with labels in braces. Quote it in single quotes." },
        { "a pattern that is none", "outcome=\"connected\"", "outcome=~\"(a\"", "alerts.yaml:5:9: 'chaos_connections_total{outcome=~\"(a\"}' has a pattern that cannot be read. Look for a bracket that is never closed, or a * with nothing before it." },
        { "a gauge for a counter", "to: chaos_connections_total", "to: chaos_connections_active", "alerts.yaml:6:9: chaos_connections_active is no counter, and a gauge has no growth. Names of counters end with _total, _count or _bucket; for a gauge take condition: gauge." },
        { "no limit", "    below: 0.9\n", "", "alerts.yaml:4:16: ratio has no limit. Give it one of above and below." },
        { "two limits", "below: 0.9", "below: 0.9\n    above: 0.1", "alerts.yaml:4:16: ratio has above and below. Give it one of above and below." },
        { "an unknown team", "    team: gateway", "    team: gatway", "alerts.yaml:12:11: unknown team 'gatway'. Did you mean 'gateway'?" },
        { "an unknown severity", "    severity: page", "    severity: panic", "alerts.yaml:11:15: unknown severity 'panic'. Known here: page, ticket." },
        { "a promise that cannot be kept", "within: 5m", "within: 1m", "alerts.yaml:10:13: within cannot be kept: 1m is shorter than the hold time and one evaluation, 75s. Promise more time, or hold for less." },
        { "a hold time without a unit", "for: 1m\n", "for: 60\n", "alerts.yaml:9:10: alerts[0].for has no unit: 60. Write 60s or 60000ms." },
        { "a window of no time", "window: 5m", "window: 0s", "alerts.yaml:7:13: alerts[0].window is out of range: 0s. It may be 1s to 744h." },
        { "a runbook that is not there", "runbook: https://example.com/success", "runbook: success.md", "alerts.yaml:13:14: there is no runbook 'success.md'. Give a path from this file, or an https address; an alert without one wakes somebody who does not know what to do." },
        { "a heading that is not there", "runbook: https://example.com/success", "runbook: on-call.yaml#nowhere", "alerts.yaml:13:14: on-call.yaml has no heading 'nowhere'. What follows the # is a heading in lower case, with dashes for spaces." },
        { "a duplicate", "name: blind", "name: success", "alerts.yaml:14:13: duplicate alert 'success'. Line 2 has it already; give this one a name of its own." },
        { "no alert on missing metrics", "condition: absent, of: [chaos_breaker_state]", "condition: gauge, of: chaos_breaker_state, above: 1", "alerts.yaml:2:3: no alert tells of metrics that nobody reports. Add one with condition: absent; without data every other alert is silent, and that reads as healthy." },
        { "no alert on missing nodes", "condition: unreachable", "condition: gauge, of: chaos_breaker_state, above: 1", "alerts.yaml:2:3: no alert tells of a node that does not answer. Add one with condition: unreachable; without data every other alert is silent, and that reads as healthy." },
        { "a part that is the whole", "- { name: blind,", "- { name: slow, title: Slow., condition: quantile, of: h_bucket, quantile: 0.9, above_ms: 3, window: 5m, still: 5m, for: 1m, within: 3m, severity: page, team: gateway, runbook: https://example.com/slow }\n  - { name: blind,",
            "alerts.yaml:14:115: still is not shorter than window: 5m against 5m. A fifth of the window is usual." },
        { "a burn that cannot be", "condition: unreachable", "condition: burn_rate, good: a_total, all: b_total, objective: 0.9, factor: 10, long: 5m, short: 5m", "" },
    };

    [Theory]
    [MemberData(nameof(Slips))]
    public void One_slip_gives_one_error_where_it_is(string slip, string from, string to, string expected)
    {
        Assert.Contains(from, AlertFolder.Alerts, StringComparison.Ordinal);
        if (expected.Length == 0) expected = """
            alerts.yaml:2:3: no alert tells of a node that does not answer. Add one with condition: unreachable; without data every other alert is silent, and that reads as healthy.
            alerts.yaml:15:113: factor 10 can never be reached: the objective allows 0.1 to go wrong, and more than all cannot. It may be at most 10, and less is wise.
            alerts.yaml:15:134: short is not shorter than long: 5m against 5m. A twelfth of the long window is usual.
            """;
        using var folder = new AlertFolder(AlertFolder.Alerts.Replace(from, to, StringComparison.Ordinal));
        var (owned, errors) = folder.Load();
        Assert.Equal($"{slip}: {expected}", $"{slip}: {string.Join("\n", errors)}");
        Assert.Null(owned);
    }

    [Fact]
    public void Alerts_without_a_file_of_owners_are_told_so()
    {
        using var folder = new AlertFolder(onCall: null);
        Assert.Equal("alerts.yaml:1:1: there is no file of who is on call. Write on-call.yaml beside or above this file: an alert needs an owner.", Assert.Single(folder.Load().Errors).ToString());
    }

    [Fact]
    public void Files_of_both_kinds_are_validated_with_experiments()
    {
        using var folder = new AlertFolder(AlertFolder.Alerts.Replace("team: gateway", "team: nobody", StringComparison.Ordinal), AlertFolder.OnCall.Replace("ana, bea", "ana, bae", StringComparison.Ordinal));
        folder.Write("x.yaml", Samples.Small.Replace("world: one-region", "world: one-regoin", StringComparison.Ordinal));
        var result = ExperimentFiles.Load(["."], TestCatalogue.Instance, options: new LoadOptions { WorkingFolder = folder.Path });
        Assert.Equal(["on-call.yaml", "x.yaml"], result.Errors.Select(e => e.File));
    }
}
