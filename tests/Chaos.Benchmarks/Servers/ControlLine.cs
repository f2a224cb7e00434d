using System.Runtime;
using System.Text.Json;

namespace Chaos.Benchmarks.Servers;

/// <summary>What a server says first.</summary>
/// <param name="Address">Where clients connect.</param>
internal sealed record ServerReady(string Address, Uri? Control, string? Ledger);

/// <summary>
/// What the benchmark and a server process say to each other: the server says where it is, answers each line <c>collect</c> with the
/// size of its live heap after full collections, and ends when its standard input does.
/// </summary>
internal static class ControlLine
{
    public const string CollectRequest = "collect";

    public static async Task ServeAsync(IBenchmarkServer server, CancellationToken ct)
    {
        Console.WriteLine(JsonSerializer.Serialize(new ServerReady(server.Address.ToString(), server.Control, server.Ledger)));
        using var input = new StreamReader(Console.OpenStandardInput());
        while (await input.ReadLineAsync(ct) is { } line)
        {
            if (line != CollectRequest) throw new InvalidOperationException($"Unknown request: {line}");
            Console.WriteLine(Collect());
        }
    }

    private static long Collect()
    {
        // Twice: what finalizers release is gone only after the second collection.
        for (var pass = 0; pass < 2; pass++)
        {
            GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: false);
    }
}
