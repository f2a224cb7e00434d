using System.Globalization;
using Chaos.Experiments.Verdicts;
using Chaos.Journal.Verdicts;
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
            var deciding = Deciding(experiment);
            table.AddRow(new Text(experiment.Id), new Text(experiment.Checklist), Word(experiment.Outcome),
                new Text(deciding is null ? "no data" : $"{deciding.Name} {Number(deciding.Value)}{Unit(deciding)}"),
                new Text(deciding is null ? "" : $"{deciding.Comparison} {Number(deciding.Threshold)}{Unit(deciding)}"),
                new Text(deciding?.Sample.ToString("N0", CultureInfo.InvariantCulture) ?? ""));
        }

        foreach (var skipped in run.Skipped)
            table.AddRow(new Text(skipped.Id), new Text(skipped.Title), new Text("skipped", new Style(Color.Grey)), new Text(skipped.Reason), new Text(""), new Text(""));

        AnsiConsole.Write(table);
        foreach (var experiment in run.Experiments.Where(e => e.Outcome != Outcome.Passed))
            AnsiConsole.Write(new Text($"{experiment.Id}: {experiment.Sentence}\n"));
        foreach (var skipped in run.Skipped) AnsiConsole.Write(new Text($"{skipped.Id} was skipped: {skipped.Reason}\n"));
        foreach (var problem in run.JournalProblems) AnsiConsole.Write(new Text($"journal: {problem}\n", new Style(Color.Yellow)));
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

    // The number that decided: that of the first expectation that did not hold, else of the first.
    private static Measure? Deciding(ExperimentVerdict experiment)
    {
        var all = experiment.SteadyBefore.Concat(experiment.Expectations).Concat(experiment.SteadyAfter).Where(e => e.Deciding is not null).ToList();
        return (all.Find(e => e.Outcome != ExpectationOutcome.Met) ?? experiment.Expectations.FirstOrDefault(e => e.Deciding is not null) ?? all.FirstOrDefault())?.Deciding;
    }

    private static string Number(double value) => value.ToString(Math.Abs(value) >= 100 ? "0" : "0.###", CultureInfo.InvariantCulture);

    private static string Unit(Measure measure) => measure.Unit.Length == 0 ? "" : measure.Unit is "%" or "×" ? measure.Unit : $" {measure.Unit}";
}
