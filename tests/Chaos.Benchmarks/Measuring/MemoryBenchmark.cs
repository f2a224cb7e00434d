using System.Collections.Concurrent;
using System.Net;
using Chaos.Benchmarks.Load;
using Chaos.Benchmarks.Processes;

namespace Chaos.Benchmarks.Measuring;

/// <summary>
/// What an idle WebSocket connection costs a proxy: the process' memory with many of them open, less that before. Before is a warmed-up
/// process whose earlier connections have come and gone. Each connection has carried one small and one large message and then fallen quiet.
/// </summary>
internal static class MemoryBenchmark
{
    private const int Openers = 8;
    private static readonly EchoFrames[] Traffic = [new(64), new(16 * 1024)];

    /// <summary>One round of one variant, in fresh processes.</summary>
    public static async Task<MemoryRound> RunAsync(string variant, int connections)
    {
        await using var servers = await ServerSet.StartAsync([variant]);
        var proxy = servers.Contenders.Single().Server;
        Close(Open(proxy.Address, connections / 4));
        await SettleAsync(proxy);
        var before = await SettleAsync(proxy);
        var open = Open(proxy.Address, connections);
        var during = await SettleAsync(proxy);
        // They must have been alive all that time, or their memory would not have been counted.
        foreach (var connection in open) connection.Exchange(Traffic[0]);
        Close(open);
        return new MemoryRound(before, during, connections);
    }

    /// <summary>Measures until two collections in a row leave the same live heap, to one part in two hundred: closed connections are torn down in their own time.</summary>
    private static async Task<MemoryUse> SettleAsync(ServerProcess server)
    {
        var last = await server.MeasureMemoryAsync();
        for (var attempt = 0; attempt < 20; attempt++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500));
            var now = await server.MeasureMemoryAsync();
            if (Math.Abs(now.LiveBytes - last.LiveBytes) <= last.LiveBytes / 200) return now;
            last = now;
        }

        throw new InvalidOperationException("The heap of the server did not settle within 10 s.");
    }

    private static ConcurrentBag<EchoConnection> Open(IPEndPoint server, int count)
    {
        var opened = new ConcurrentBag<EchoConnection>();
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = Openers }, i =>
        {
            var connection = EchoConnection.Open(server, $"c-{i}");
            opened.Add(connection);
            foreach (var frames in Traffic) connection.Exchange(frames);
        });
        return opened;
    }

    private static void Close(ConcurrentBag<EchoConnection> connections)
    {
        foreach (var connection in connections) connection.Dispose();
    }
}
