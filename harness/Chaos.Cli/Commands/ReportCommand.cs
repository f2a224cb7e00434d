using System.CommandLine;
using Chaos.Experiments.Verdicts;
using Chaos.Journal.Verdicts;
using Chaos.Reports;
using Chaos.Reports.Rehearsals;

namespace Chaos.Cli.Commands;

/// <summary><c>chaos report</c>: writes the reports of an old journal.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        var journal = JudgeCommand.JournalArgument();
        var folder = new Option<DirectoryInfo?>("--out") { Description = "Folder for the reports. Default: beside the journal.", HelpName = "DIR" };
        var command = new Command("report", "Writes report.html, junit.xml, summary.md and summary.json from a journal; of rehearsals incident.html, incident.md and incident.json too. Runs nothing.") { journal, folder };
        command.SetAction(parsed =>
        {
            var file = parsed.GetValue(journal)!;
            var content = JudgeCommand.Read(file);
            var target = parsed.GetValue(folder)?.FullName ?? file.DirectoryName!;
            ReportWriter.WriteAll(content, Judge.Run(content, mustHaveEnded: true), target);
            Console.Out.WriteLine(Path.Combine(target, "report.html"));
            if (IncidentReport.WriteAll(content, target) is [var page, ..]) Console.Out.WriteLine(page);
            return ExitCodes.Of(Outcome.Passed);
        });
        return command;
    }
}
