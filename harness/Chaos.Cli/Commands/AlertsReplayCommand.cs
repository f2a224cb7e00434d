using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Chaos.Cli.Hosting;
using Chaos.Cli.Terminal;
using Chaos.Experiments.Alerts.Evaluation;
using Chaos.Experiments.Verdicts;
using Chaos.Journal.Verdicts;
using Spectre.Console;

namespace Chaos.Cli.Commands;

/// <summary><c>chaos alerts replay</c>: which alerts would have fired in a run, and who would have got them.</summary>
internal static class AlertsReplayCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static Command Create()
    {
        var journal = JudgeCommand.JournalArgument();
        var arguments = new AlertArguments();
        var compress = AlertArguments.Compress("Divide every duration of the alerts by this: a second of the run stands for so many.");
        var json = new Option<bool>("--json") { Description = "As JSON." };
        var command = new Command("replay", "Says which alerts would have fired in a finished run, when, and who was on call then. Runs nothing.") { journal, compress, arguments.Alerts, arguments.OnCall, json };
        command.SetAction(parsed =>
        {
            var factor = AlertArguments.Compress(parsed, compress);
            if (arguments.Load(parsed) is not { } owned) return ExitCodes.Usage;
            var all = Replay.Of(JudgeCommand.Read(parsed.GetValue(journal)!), owned, factor);
            if (parsed.GetValue(json))
            {
                Console.Out.WriteLine(JsonSerializer.Serialize(all, Indented));
                return ExitCodes.Of(Outcome.Passed);
            }

            if (all.Count == 0) Console.Out.WriteLine("No alert would have fired.");
            else Print(all);
            return ExitCodes.Of(Outcome.Passed);
        });
        return command;
    }

    private static void Print(IReadOnlyList<Replayed> all)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("experiment", "alert", "severity", "fired", "lasted", "owner", "of");
        foreach (var a in all)
        {
            table.AddRow(new Text(a.Experiment), new Text(a.Alert), new Text(a.Severity), new Text(a.FiredAt.ToString("HH:mm:ss.f'Z'", CultureInfo.InvariantCulture)),
                new Text(a.ResolvedAt is { } end ? string.Create(CultureInfo.InvariantCulture, $"{(end - a.FiredAt).TotalSeconds:0.0} s") : "to the end"),
                new Text($"{a.Team}: {a.Owner ?? "nobody"}"), new Text(string.Join(" ", a.Labels)));
        }

        Screen.Write(table);
    }
}
