using Chaos.Reports.Sensitivity;
using Spectre.Console;

namespace Chaos.Cli.Terminal;

/// <summary>Sensitivity curves in the terminal: the sizes at which defects begin to be caught.</summary>
internal static class SensitivityTable
{
    public static void Print(SensitivityCurves curves, string folder)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("experiment", "expectation", "defect", "sample", "caught in half of the runs from", "in 95 %");
        foreach (var curve in curves.Curves)
        {
            table.AddRow(new Text(curve.Experiment), new Text(curve.Expectation), new Text(curve.Defect), new Text($"{curve.Sample:#,0}"),
                new Text(SensitivityReport.SizeText(curve, 0.5, curves.Repetitions)), new Text(SensitivityReport.SizeText(curve, 0.95, curves.Repetitions)));
        }

        Screen.Write(table);
        Console.Out.WriteLine($"{curves.Repetitions:#,0} simulated runs for each size. Curves: {Path.Combine(folder, "sensitivity.html")}");
        Console.Out.WriteLine($"Seed {curves.Seed}.");
    }
}
