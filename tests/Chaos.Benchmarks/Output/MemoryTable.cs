using Chaos.Benchmarks.Measuring;

namespace Chaos.Benchmarks.Output;

/// <summary>Prints a run of the memory benchmark.</summary>
internal static class MemoryTable
{
    private static readonly string[] Columns =
        ["variant", "live heap KiB/connection", "working set KiB/connection", "live heap ÷ YARP", "working set ÷ YARP", "process with none, MiB", "process with all, MiB"];

    public static void Print(MemoryReport report)
    {
        var yarp = report.Series.Single(s => s.Variant == Variants.Yarp);
        Console.WriteLine($"{report.Connections} idle WebSocket connections through a proxy; medians of {report.Rounds} rounds in fresh processes; ratios within a round: median (min..max)");
        Console.WriteLine();
        MarkdownTable.Print(Columns, report.Series.Select(s => new[]
        {
            s.Variant, Figures.KiB(s.Of(r => r.LivePerConnection).Median), Figures.KiB(s.Of(r => r.WorkingSetPerConnection).Median),
            s == yarp ? "1" : Figures.Ratio(s.RatioTo(yarp, r => r.LivePerConnection)), s == yarp ? "1" : Figures.Ratio(s.RatioTo(yarp, r => r.WorkingSetPerConnection)),
            Figures.KiB(s.Of(r => r.Before.WorkingSetBytes).Median / 1024), Figures.KiB(s.Of(r => r.During.WorkingSetBytes).Median / 1024),
        }));
        Console.WriteLine();
        Console.WriteLine("Measured inside the proxy's process after full collections. The kernel's socket buffers are not in it; they are the same for both.");
        MachineLines.Print(report.Machine);
    }
}
