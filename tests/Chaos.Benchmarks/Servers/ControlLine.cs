using System.Diagnostics;
using System.Runtime;
using System.Text.Json;
using Chaos.Benchmarks.Measuring;

namespace Chaos.Benchmarks.Servers;

/// <summary>
/// What the benchmark and a server process say to each other: the server prints its address, answers each line <c>memory</c> with
/// its memory after a full collection, and ends when its standard input does.
/// </summary>
internal static class ControlLine
{
    public const string MemoryRequest = "memory";

    public static async Task ServeAsync(IBenchmarkServer server, CancellationToken ct)
    {
        Console.WriteLine(server.Address);
        using var input = new StreamReader(Console.OpenStandardInput());
        while (await input.ReadLineAsync(ct) is { } line)
        {
            if (line != MemoryRequest) throw new InvalidOperationException($"Unknown request: {line}");
            Console.WriteLine(JsonSerializer.Serialize(Measure()));
        }
    }

    private static MemoryUse Measure()
    {
        // Twice: what finalizers release is gone only after the second collection.
        for (var pass = 0; pass < 2; pass++)
        {
            GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        using var self = Process.GetCurrentProcess();
        return new MemoryUse(GC.GetTotalMemory(forceFullCollection: false), GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes, self.WorkingSet64);
    }
}
