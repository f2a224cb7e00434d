using System.Globalization;
using Chaos.Benchmarks.Measuring;

namespace Chaos.Benchmarks.Output;

/// <summary>Prints a run of the simulation benchmark.</summary>
internal static class SimulationTable
{
    private static readonly string[] Columns = ["simulated clients", "s", "times half the clients", "most resident MiB", "journal MB", "exit code"];

    public static void Print(SimulationReport report)
    {
        Console.WriteLine();
        Console.WriteLine($"chaos simulate on refused-storm, from its start to the last report: simulating, judging, reporting; medians of {report.Rounds} rounds in fresh processes");
        Console.WriteLine();
        MarkdownTable.Print(Columns, report.Series.Select(s => new[]
        {
            Figures.Whole(s.Clients), Number(s.Seconds, "0.0"), Growth(report, s) is { } growth ? Number(growth, "0.00") : "", Number(s.PeakBytes / (1 << 20), "0"),
            Number(s.Rounds[0].JournalBytes / 1e6, "0"), string.Join(' ', s.Rounds.Select(r => r.ExitCode).Distinct()),
        }));
        Console.WriteLine();
        MachineLines.Print(report.Machine);
        Console.WriteLine();
        MarkdownTable.Print(["goal", "reached", ""], Goals(report));
    }

    private static IEnumerable<string[]> Goals(SimulationReport report)
    {
        if (report.Series.FirstOrDefault(s => s.Clients == 1_000_000) is { } million)
        {
            yield return [$"a million clients: at most {SimulationReport.MostSeconds} s", $"{Number(million.Seconds, "0.0")} s", Word(million.Seconds <= SimulationReport.MostSeconds)];
            yield return ["a million clients: at most 2 GiB", $"{Number(million.PeakBytes / (1 << 30), "0.00")} GiB", Word(million.PeakBytes <= SimulationReport.MostBytes)];
        }

        foreach (var series in report.Series)
        {
            if (Growth(report, series) is not { } growth) continue;
            yield return [$"{Figures.Whole(series.Clients)}: at most {Number(SimulationReport.MostGrowth, "0.0")} times half the clients", Number(growth, "0.00"), Word(growth <= SimulationReport.MostGrowth)];
        }
    }

    private static double? Growth(SimulationReport report, SimulationSeries series) =>
        report.Series.FirstOrDefault(s => s.Clients * 2 == series.Clients) is { } half ? series.Seconds / half.Seconds : null;

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static string Word(bool reached) => reached ? "reached" : "MISSED";
}
