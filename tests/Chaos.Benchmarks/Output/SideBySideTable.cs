using System.Globalization;
using Chaos.Benchmarks.Measuring;

namespace Chaos.Benchmarks.Output;

/// <summary>Prints a run of peers side by side: the figures, then each goal beside what was reached.</summary>
internal static class SideBySideTable
{
    public static void Print(SideBySideReport report)
    {
        Console.WriteLine();
        Console.WriteLine($"{report.Title}; medians of {report.Rounds} rounds of {report.SecondsPerRound} s; ratios to {report.Goals.Yardstick} within a round: median (min..max)");
        Console.WriteLine();
        var by = report.Goals.Yardstick;
        MarkdownTable.Print(["", "peer", "per second", "p50 µs", "p99 µs", "peer CPU µs each", $"rate ÷ {by}", $"p99 ÷ {by}", $"CPU ÷ {by}"], report.Series.Select(s => Row(report, s)));
        Console.WriteLine();
        Console.WriteLine("Bulk is in MB (1,000,000 bytes) that reached clients. Peer CPU is that of the process the client connects to: the server's for direct, the proxy's else.");
        MachineLines.Print(report.Machine);
        Console.WriteLine();
        if (report.Verdicts.Count == 0) Console.WriteLine($"No goal was judged: there is none, or {by} was not measured.");
        else MarkdownTable.Print(["goal", "peer", "reached", "", "noise: a second process of the yardstick"], report.Verdicts.Select(Row));
    }

    /// <summary>A cell in words.</summary>
    public static string Name(Cell cell) => cell.Work switch
    {
        Work.RequestResponse => $"{Figures.Size(cell.Bytes)} there and back",
        Work.Download => "bulk, one way",
        Work.BothWays => "bulk, both ways",
        _ => "connect, use, close",
    } + $", {Figures.Whole(cell.Connections)} {(cell.Work == Work.Connect ? "client" : "connection")}{(cell.Connections == 1 ? "" : "s")}";

    private static string[] Row(SideBySideReport report, Series series)
    {
        var yardstick = report.Find(series.Cell, report.Goals.Yardstick);
        return
        [
            Name(series.Cell), series.Peer, Figures.Whole(series.Of(r => r.PerSecond).Median), Micros(series, r => r.P50Us), Micros(series, r => r.P99Us),
            Figures.Micros(series.Of(r => r.CpuUs).Median), Ratio(series, yardstick, r => r.PerSecond),
            series.Cell.IsBulk ? "" : Ratio(series, yardstick, r => r.P99Us!.Value), Ratio(series, yardstick, r => r.CpuUs),
        ];
    }

    private static string Micros(Series series, Func<Round, double?> value) => series.Cell.IsBulk ? "" : Figures.Micros(series.Of(r => value(r)!.Value).Median);

    private static string Ratio(Series series, Series? yardstick, Func<Round, double> value) =>
        yardstick is null ? "" : series == yardstick ? "1" : Figures.Ratio(series.RatioTo(yardstick, value));

    private static string[] Row(Verdict verdict) =>
    [
        $"{Name(verdict.Cell)}: {verdict.What} {(verdict.AtLeast ? "at least" : "at most")} {verdict.Goal.ToString(CultureInfo.InvariantCulture)}",
        verdict.Peer, Figures.Ratio(verdict.Ratio), (verdict.Reached ? "reached" : "MISSED") + (verdict.Uncertain ? ", rounds on both sides" : ""),
        verdict.Noise is { } noise ? Figures.Ratio(noise) : "",
    ];
}
