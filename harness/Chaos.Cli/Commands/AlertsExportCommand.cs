using System.CommandLine;
using Chaos.Experiments.Alerts.Export;
using Chaos.Experiments.Verdicts;
using Chaos.Journal.Verdicts;

namespace Chaos.Cli.Commands;

/// <summary><c>chaos alerts export</c>: the alerts for Prometheus, their owners for Alertmanager.</summary>
internal static class AlertsExportCommand
{
    public static Command Create()
    {
        var arguments = new AlertArguments();
        var folder = new Option<DirectoryInfo>("--out") { Description = "Folder to write to.", HelpName = "DIR", Required = true };
        var compress = AlertArguments.Compress("Divide every duration of the rules by this, for runs in which a second stands for many.");
        var command = new Command("export",
            $"Writes {AlertExport.RulesFile} for Prometheus and {AlertExport.AlertmanagerFile} with whoever is on call at the moment. Run it again at the next handover, which it names.")
        {
            folder, arguments.At, arguments.Alerts, arguments.OnCall, compress,
        };
        command.SetAction(parsed =>
        {
            var factor = AlertArguments.Compress(parsed, compress);
            var moment = arguments.Moment(parsed);
            if (arguments.Load(parsed) is not { } owned) return ExitCodes.Usage;
            var owners = AlertArguments.Owners(owned.OnCall.Teams, moment);
            foreach (var path in AlertExport.Write(owned, owners, parsed.GetValue(folder)!.FullName, factor)) Console.Out.WriteLine(path);
            var next = owners.MinBy(o => o.Until)!;
            Console.Out.WriteLine($"{string.Join(", ", owners.Select(o => $"{o.Team.Name}: {o.Who}"))}. The next handover is that of {next.Team.Name}, at {AlertArguments.Shown(next.Until)}.");
            return ExitCodes.Of(Outcome.Passed);
        });
        return command;
    }
}
