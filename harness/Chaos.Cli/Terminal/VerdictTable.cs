using System.Globalization;
using Chaos.Experiments.Verdicts;
using Chaos.Journal.Verdicts;
using Chaos.Reports.Text;
using Spectre.Console;

namespace Chaos.Cli.Terminal;

/// <summary>The table that a run ends with.</summary>
internal static class VerdictTable
{
    public static void Print(RunVerdict run, string? folder)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("experiment", "checklist line", "verdict", "deciding number", "threshold", "sample");
        table.Columns[4].RightAligned();
        table.Columns[5].RightAligned();
        foreach (var experiment in run.Experiments)
        {
            var deciding = Deciding.Of(experiment)?.Measure;
            table.AddRow(new Text(experiment.Mutant is null ? experiment.Id : $"{experiment.Id} + {experiment.Mutant}"), new Text(experiment.Checklist), Word(experiment.Outcome),
                new Text(deciding is null ? "no data" : $"{deciding.Name} {Words.Number(deciding.Value, deciding.Unit)}"),
                new Text(deciding is null ? "" : Words.Bound(deciding)),
                new Text(deciding?.Sample.ToString("N0", CultureInfo.InvariantCulture) ?? ""));
        }

        foreach (var skipped in run.Skipped)
            table.AddRow(new Text(skipped.Id), new Text(skipped.Title), new Text("skipped", new Style(Color.Grey)), new Text(skipped.Reason), new Text(""), new Text(""));

        Screen.Write(table);
        foreach (var experiment in run.Experiments.Where(e => e.Outcome != Outcome.Passed))
            Screen.Write(new Text($"{experiment.Id}: {experiment.Sentence}\n"));
        foreach (var skipped in run.Skipped) Screen.Write(new Text($"{skipped.Id} was skipped: {skipped.Reason}\n"));
        foreach (var problem in run.JournalProblems) Screen.Write(new Text($"journal: {problem}\n", new Style(Color.Yellow)));
        // Paths and commands are written as they are, never wrapped, so that they can be copied.
        if (folder is not null) Console.Out.WriteLine($"Report: {Path.Combine(folder, "report.html")}");
        Console.Out.WriteLine($"Seed {run.Seed}. Repeat with: {run.Command}");
    }

    public static Text Word(Outcome outcome) => new(ExitCodes.NameOf(outcome), new Style(outcome switch
    {
        Outcome.Passed => Color.Green,
        Outcome.Deviated or Outcome.Error or Outcome.ProbeError => Color.Red,
        _ => Color.Yellow,
    }));
}
