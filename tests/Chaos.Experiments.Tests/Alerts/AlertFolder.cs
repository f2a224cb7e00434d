using Chaos.Experiments.Files;
using Chaos.Experiments.Tests.Files;

namespace Chaos.Experiments.Tests.Alerts;

/// <summary>A folder with the two files of alerts for a test; removed at the end.</summary>
internal sealed class AlertFolder : IDisposable
{
    public const string OnCall = """
        mail: { server: "mail.example.com:25", from: alerts@example.com }
        people:
          - { name: ana, email: ana@example.com }
          - { name: bea, webhook: https://pager.example.com/bea }
        teams:
          - name: gateway
            title: Gateways
            zone: Europe/Berlin
            rotations:
              - { name: weekly, people: [ana, bea], begins: 2026-01-05T09:00, handover: week }
        """;

    public const string Alerts = """
        alerts:
          - name: success
            title: Connecting fails.
            condition: ratio
            of: 'chaos_connections_total{outcome="connected"}'
            to: chaos_connections_total
            window: 5m
            below: 0.9
            for: 1m
            within: 5m
            severity: page
            team: gateway
            runbook: https://example.com/success
          - { name: blind, title: No data., condition: absent, of: [chaos_breaker_state], for: 1m, within: 3m, severity: page, team: gateway, runbook: https://example.com/blind }
          - { name: down, title: No answer., condition: unreachable, for: 1m, within: 3m, severity: page, team: gateway, runbook: https://example.com/down }
        """;

    private readonly TestFolder _folder = new();

    public AlertFolder(string? alerts = Alerts, string? onCall = OnCall)
    {
        if (alerts is not null) Write("alerts.yaml", alerts);
        if (onCall is not null) Write("on-call.yaml", onCall);
    }

    public string Path => _folder.Path;

    public string Write(string name, string text)
    {
        _folder.Write(name, text);
        return System.IO.Path.Combine(Path, name);
    }

    public (OwnedAlerts? Owned, IReadOnlyList<FileError> Errors) Load() => OwnedAlerts.Load("alerts.yaml", null, new LoadOptions { WorkingFolder = Path });

    public void Dispose() => _folder.Dispose();
}
