using Chaos.Benchmarks.Measuring;

namespace Chaos.Benchmarks.Output;

/// <summary>Prints a run of the memory benchmark.</summary>
internal static class MemoryTable
{
    private static readonly string[] Columns =
        ["idle connections", "peer", "private kB each", "resident kB each", "live heap kB each", "process with none, MB private", "process with all, MB private"];

    public static void Print(MemoryReport report)
    {
        Console.WriteLine();
        Console.WriteLine($"Memory of idle connections through a proxy; medians of {report.Rounds} rounds in fresh processes: median (min..max); 1 kB is 1,000 bytes");
        Console.WriteLine();
        MarkdownTable.Print(Columns, report.Series.Select(s => new[]
        {
            $"{s.Protocol}, {Figures.Whole(s.Connections)}", s.Peer, Figures.Kilobytes(s.Of(r => r.Private)), Figures.Kilobytes(s.Of(r => r.Resident)),
            s.Rounds[0].Live is null ? "" : Figures.Kilobytes(s.Of(r => r.Live!.Value)),
            Figures.Megabytes(s.Of(r => r.Before.PrivateBytes).Median), Figures.Megabytes(s.Of(r => r.During.PrivateBytes).Median),
        }));
        Console.WriteLine();
        Console.WriteLine("Taken from the kernel's accounts of the process, after full collections. The kernel's own socket buffers are not in it; they are the same for all.");
        MachineLines.Print(report.Machine);
        Console.WriteLine();
        MarkdownTable.Print(["goal", "reached", ""], report.Series.Where(s => s.Peer == Peers.Chaos).Select(s => Goal(report, s)));
    }

    private static string[] Goal(MemoryReport report, MemorySeries series)
    {
        var reached = series.Of(r => r.Private).Median;
        if (series.Protocol == Protocol.Tcp)
            return [$"TCP, {Figures.Whole(series.Connections)}: at most {MemoryReport.MostTcpBytes / 1000:F0} kB each", $"{reached / 1000:F1} kB", Word(reached <= MemoryReport.MostTcpBytes)];
        var yarp = report.Find(series.Protocol, Peers.Yarp, series.Connections)?.Of(r => r.Private).Median;
        return
        [
            $"WebSocket, {Figures.Whole(series.Connections)}: no more than plain YARP each", yarp is null ? $"{reached / 1000:F1} kB" : $"{reached / 1000:F1} kB beside {yarp / 1000:F1} kB",
            yarp is null ? "not judged" : Word(reached <= yarp),
        ];
    }

    private static string Word(bool reached) => reached ? "reached" : "MISSED";
}
