using Chaos.Experiments.Alerts.Export;
using Chaos.Experiments.Alerts.OnCall;
using Chaos.Experiments.Files;
using Chaos.Experiments.Tests.Files;
using Xunit;

namespace Chaos.Experiments.Tests.Alerts;

public sealed class ExportTests
{
    private static readonly DateTimeOffset Before = new(2026, 1, 12, 7, 59, 59, TimeSpan.Zero);

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(7)]
    public async Task Prometheus_and_Alertmanager_accept_the_shipped_alerts(double compress)
    {
        using var folder = new AlertFolder();
        var (owned, _) = OwnedAlerts.Load(Path.Combine(Repository.Root(), "experiments", "alerts.yaml"));
        AlertExport.Write(owned!, Owners.At(owned!.OnCall, Before), folder.Path, compress);
        Assert.Contains($"{owned.Alerts.Alerts.Count} rules found", await Tools.PromtoolAsync("check", "rules", Path.Combine(folder.Path, AlertExport.RulesFile)), StringComparison.Ordinal);
        Assert.Contains("SUCCESS", await Tools.AmtoolAsync("check-config", Path.Combine(folder.Path, AlertExport.AlertmanagerFile)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "page", "gateway: ana")]
    [InlineData(0, "ticket", "gateway: ana")]
    [InlineData(1, "page", "gateway: bea")]
    public async Task Alertmanager_routes_to_whoever_is_on_call_at_the_time(int secondsLater, string severity, string receiver)
    {
        using var folder = new AlertFolder();
        var (owned, errors) = folder.Load();
        Assert.Empty(errors);
        AlertExport.Write(owned!, Owners.At(owned!.OnCall, Before.AddSeconds(secondsLater)), folder.Path);
        var said = await Tools.AmtoolAsync("config", "routes", "test", $"--config.file={Path.Combine(folder.Path, AlertExport.AlertmanagerFile)}", "team=gateway", $"severity={severity}", "alertname=success");
        Assert.Equal(receiver, said.Split('\n')[0]);
    }

    [Fact]
    public void A_rule_has_what_its_alert_says()
    {
        using var folder = new AlertFolder();
        var text = PrometheusRules.Text(folder.Load().Owned!.Alerts);
        Assert.StartsWith("""
            groups:
            - name: chaos
              interval: 15s
              rules:
              - alert: success
                expr: (sum (increase(chaos_connections_total{outcome="connected"}[5m])) or 0 * sum (increase(chaos_connections_total[5m]))) / sum (increase(chaos_connections_total[5m])) < 0.9
                for: 1m
                labels:
                  severity: page
                  team: gateway
                annotations:
                  runbook: https://example.com/success
                  summary: Connecting fails.
            """, text, StringComparison.Ordinal);
    }
}
