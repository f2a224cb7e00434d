using System.CommandLine;
using System.Text.Json;
using Chaos.Cli.Terminal;
using Chaos.Experiments.Verdicts;
using Chaos.Journal.Verdicts;
using Spectre.Console;

namespace Chaos.Cli.Commands;

/// <summary><c>chaos list</c>: what there is to run.</summary>
internal static class ListCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static Command Create()
    {
        var checklist = new Option<bool>("--checklist") { Description = "The checklist line by line, with the experiments and mutants of each line. Without a path: those of every folder." };
        // What shows that a line holds need not be what runs when nothing is named: some take other worlds, or time of their own.
        var arguments = new ExperimentArguments { DefaultPath = parsed => parsed.GetValue(checklist) ? Composition.Layout.Experiments : Composition.Layout.Checklist };
        var json = new Option<bool>("--json") { Description = "As JSON." };
        var command = new Command("list", "Lists experiments with the line of the checklist that each is for, and the mutants that it must catch.");
        arguments.AddTo(command);
        command.Options.Add(checklist);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            if (arguments.Load(parsed) is not { } experiments) return ExitCodes.Usage;
            if (parsed.GetValue(checklist))
            {
                IEnumerable<string> folders = parsed.GetValue(arguments.Paths) is { Length: > 0 } ? arguments.Folders(parsed) : [Composition.Layout.Checklist];
                var rows = ChecklistListing.Rows(folders, experiments);
                if (parsed.GetValue(json)) Console.Out.WriteLine(JsonSerializer.Serialize(rows, Indented));
                else ChecklistListing.Print(rows, ChecklistListing.Strays(rows, experiments), [.. folders]);
                return ExitCodes.Of(Outcome.Passed);
            }

            if (parsed.GetValue(json))
            {
                Console.Out.WriteLine(JsonSerializer.Serialize(
                    experiments.Select(e => new { e.Id, e.Title, e.Checklist, e.Tags, e.File, e.Fleet.Client, Mutants = e.Mutants.Select(m => m.Name) }), Indented));
                return ExitCodes.Of(Outcome.Passed);
            }

            var table = new Table().Border(TableBorder.Simple).AddColumns("experiment", "checklist line", "clients", "mutants it must catch");
            foreach (var e in experiments)
            {
                table.AddRow(new Text(e.Id), new Text(e.ChecklistText), new Text($"{e.Fleet.Count} {e.Fleet.Client}"),
                    new Text(string.Join(", ", e.Mutants.Select(m => m.Name))));
            }

            Screen.Write(table);
            return ExitCodes.Of(Outcome.Passed);
        });
        return command;
    }
}
