using System.Text;
using Chaos.Experiments.Files;

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

    public AlertFolder(string? alerts = Alerts, string? onCall = OnCall)
    {
        Path = Directory.CreateTempSubdirectory("chaos-alerts-").FullName;
        if (alerts is not null) Write("alerts.yaml", alerts);
        if (onCall is not null) Write("on-call.yaml", onCall);
    }

    public string Path { get; }

    public string Write(string name, string text)
    {
        var path = System.IO.Path.Combine(Path, name);
        // Half a character, as a mutation may leave it, is written as a replacement: a file holds bytes.
        File.WriteAllBytes(path, Encoding.UTF8.GetBytes(text));
        return path;
    }

    public (OwnedAlerts? Owned, IReadOnlyList<FileError> Errors) Load() => OwnedAlerts.Load("alerts.yaml", null, new LoadOptions { WorkingFolder = Path });

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
