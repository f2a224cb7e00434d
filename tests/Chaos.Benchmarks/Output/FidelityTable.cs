using System.Globalization;
using Chaos.Benchmarks.Measuring;

namespace Chaos.Benchmarks.Output;

/// <summary>Prints a run of the fidelity benchmark.</summary>
internal static class FidelityTable
{
    // Goals, in microseconds.
    private const double OwnP50 = 200;
    private const double OwnP99 = 1000;
    private const double AddedP50 = 300;
    private const double AddedP99 = 1500;
    private const double RateShare = 0.01;

    public static void Print(FidelityReport report)
    {
        Console.WriteLine();
        Console.WriteLine($"Delay of {report.DelayMs} ms: {Figures.Whole(report.PerSecond)} messages/s one way over {report.Connections} connections, open loop; medians of {report.Rounds} rounds (min..max), microseconds");
        Console.WriteLine();
        MarkdownTable.Print(["", .. report.Delays.Select(series => $"{series.Protocol}, {series.Way.ToString().ToLowerInvariant()}"), "goal"],
        [
            Row(report, "proxy's own error, p50", r => r.OwnP50Us, OwnP50), Row(report, "proxy's own error, p99", r => r.OwnP99Us, OwnP99), Row(report, "proxy's own error, largest", r => r.OwnMaxUs, null),
            Row(report, "end to end without the fault, p50", r => r.WithoutP50Us, null), Row(report, "end to end without the fault, p99", r => r.WithoutP99Us, null),
            Row(report, "end to end less the delay, p50", r => r.WithP50Us, null), Row(report, "end to end less the delay, p99", r => r.WithP99Us, null),
            Row(report, "added by the fault beyond its delay, p50", r => r.AddedP50Us, AddedP50), Row(report, "added by the fault beyond its delay, p99", r => r.AddedP99Us, AddedP99),
        ]);
        Console.WriteLine();
        Console.WriteLine($"Bandwidth over one second; error of {report.Rounds} rounds: median (min..max); goal: within 1 %");
        Console.WriteLine();
        MarkdownTable.Print(["rate", "error, %", ""], report.Rates.Select(rate => new[]
        {
            $"{Figures.Whole(rate.Configured / 1000)} KB/s", Percent(rate.Error), Word(Math.Abs(rate.Error.Median) <= RateShare),
        }));
        Console.WriteLine();
        Console.WriteLine("The proxy's own error is released − arrived − configured, of each item, from its ledger. End to end includes the load generator's own lateness.");
        MachineLines.Print(report.Machine);
    }

    private static string[] Row(FidelityReport report, string name, Func<DelayRound, double> value, double? goal)
    {
        var spreads = report.Delays.Select(series => series.Of(value)).ToArray();
        return
        [
            name, .. spreads.Select(spread => string.Create(CultureInfo.InvariantCulture, $"{spread.Median:F0} ({spread.Min:F0}..{spread.Max:F0})")),
            goal is { } most ? $"at most {most:F0}: {string.Join(", ", spreads.Select(spread => Word(spread.Median <= most)))}" : "",
        ];
    }

    private static string Percent(Spread share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share.Median:F2} ({100 * share.Min:F2}..{100 * share.Max:F2})");

    private static string Word(bool reached) => reached ? "reached" : "MISSED";
}
