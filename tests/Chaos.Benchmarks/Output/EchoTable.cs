using System.Globalization;
using Chaos.Benchmarks.Measuring;

namespace Chaos.Benchmarks.Output;

/// <summary>Prints a run of the WebSocket benchmark.</summary>
internal static class EchoTable
{
    private static readonly string[] Columns =
        ["message, connections", "variant", "messages/s", "p50 µs", "p99 µs", "server CPU µs/message", "messages/s ÷ YARP", "p50 ÷ YARP", "p99 ÷ YARP", "CPU ÷ YARP"];

    public static void Print(EchoReport report)
    {
        Console.WriteLine($"WebSocket echo, ping-pong; medians of {report.Rounds} rounds of {report.SecondsPerRound} s; ratios to plain YARP within a round: median (min..max)");
        Console.WriteLine();
        MarkdownTable.Print(Columns, report.Series.Select(s => Row(report, s)));
        Console.WriteLine();
        Console.WriteLine("Server CPU is that of the process the client connects to: the echo server's for direct, the proxy's else.");
        MachineLines.Print(report.Machine);
        if (report.Verdicts.Count == 0) return;
        Console.WriteLine();
        Console.WriteLine($"Goal: at least {Number(EchoVerdict.LeastThroughput)} of plain YARP's messages/s, p99 at most {Number(EchoVerdict.MostP99)} times its.");
        foreach (var verdict in report.Verdicts)
        {
            Console.WriteLine($"  {Name(verdict.Cell)}: messages/s {Figures.Ratio(verdict.Throughput)}, {Word(verdict.ThroughputReached, verdict.ThroughputUncertain)}");
            Console.WriteLine($"  {Name(verdict.Cell)}: p99 {Figures.Ratio(verdict.P99)}, {Word(verdict.P99Reached, verdict.P99Uncertain)}");
            if (report.Noise.FirstOrDefault(n => n.Cell == verdict.Cell) is { } noise)
                Console.WriteLine($"      noise, plain YARP beside itself: messages/s {Figures.Ratio(noise.Throughput)}, p99 {Figures.Ratio(noise.P99)}");
        }

        Console.WriteLine(report.GoalsReached ? "Goal reached." : "Goal missed.");
    }

    private static List<string> Row(EchoReport report, EchoSeries series)
    {
        List<string> row =
        [
            Name(series.Cell), series.Variant, Figures.Whole(series.Of(r => r.MessagesPerSecond).Median), Figures.Micros(series.Of(r => r.P50Us).Median),
            Figures.Micros(series.Of(r => r.P99Us).Median), Figures.Micros(series.Of(r => r.ProxyCpuUs).Median),
        ];
        Func<EchoRound, double>[] values = [r => r.MessagesPerSecond, r => r.P50Us, r => r.P99Us, r => r.ProxyCpuUs];
        var yarp = EchoReport.Yardstick(report.Series, series);
        row.AddRange(values.Select(v => series.Variant == Variants.Yarp ? "1" : Figures.Ratio(series.RatioTo(yarp, v))));
        return row;
    }

    private static string Name(Cell cell) => $"{Figures.Size(cell.PayloadBytes)}, {cell.Connections}";

    private static string Word(bool reached, bool uncertain) => (reached ? "reached" : "MISSED") + (uncertain ? " (rounds lie on both sides)" : "");

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}
