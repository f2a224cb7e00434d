using Chaos.Journal.Verdicts;
using Chaos.Reports;
using Spectre.Console;

namespace Chaos.Cli.Terminal;

/// <summary>The kill matrix in the terminal.</summary>
internal static class MatrixTable
{
    public static void Print(KillMatrix matrix, RunVerdict run, string folder)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("mutant", "experiment", "must be killed by", "result", "what was seen");
        foreach (var row in matrix.Rows)
        {
            var (word, color) = row.ForTheRightReason ? ("killed", Color.Green) : row.Killed ? ("killed for another reason", Color.Red) : ($"survived ({row.Verdict})", Color.Red);
            table.AddRow(new Text(row.Mutant), new Text(row.Experiment), new Text(row.ExpectedExpectation), new Text(word, new Style(color)), new Text(row.Sentence));
        }

        Screen.Write(table);
        var killed = matrix.Rows.Count(r => r.ForTheRightReason);
        Console.Out.WriteLine($"{killed} of {matrix.Rows.Count} mutants killed for the right reason.");
        Console.Out.WriteLine($"Matrix: {Path.Combine(folder, "matrix.html")}");
        Console.Out.WriteLine($"Seed {run.Seed}. Repeat with: {run.Command}");
    }
}
