using System.CommandLine;

namespace Chaos.Cli.Commands;

/// <summary><c>chaos alerts</c>: alerts and who owns them.</summary>
internal static class AlertsCommand
{
    public static Command Create() => new("alerts",
        """
        Alerts on the gateway's metrics, and who is on call for them.

        Try:  chaos alerts owner
              chaos alerts owner --at 2026-03-29T04:00+02:00 gateway
              chaos alerts export --out deploy/monitoring
              chaos alerts replay reports/out/…/journal.jsonl --compress 20
        """) { AlertsExportCommand.Create(), AlertsOwnerCommand.Create(), AlertsReplayCommand.Create() };
}
