using System.Globalization;

namespace Chaos.Benchmarks.Measuring;

/// <summary>Memory of a process.</summary>
/// <param name="LiveBytes">What the managed heap holds alive after a full collection; null where there is no such heap.</param>
/// <param name="PrivateBytes">Pages in memory that belong to the process alone.</param>
/// <param name="ResidentBytes">All pages in memory, those shared with others included.</param>
internal sealed record MemoryUse(long? LiveBytes, long PrivateBytes, long ResidentBytes);

/// <summary>A process' pages, as Linux counts them.</summary>
internal static class ProcessMemory
{
    public static (long PrivateBytes, long ResidentBytes) Read(int process)
    {
        var lines = File.ReadAllLines($"/proc/{process}/smaps_rollup");
        return (Field("Private_Clean:") + Field("Private_Dirty:"), Field("Rss:"));

        long Field(string name) =>
            1024 * long.Parse(lines.Single(line => line.StartsWith(name, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
