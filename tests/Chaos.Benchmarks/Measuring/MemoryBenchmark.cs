using System.Net;
using System.Net.Sockets;
using Chaos.Benchmarks.Load;
using Chaos.Benchmarks.Processes;
using Chaos.Benchmarks.Servers;

namespace Chaos.Benchmarks.Measuring;

/// <summary>
/// What an idle connection costs a proxy: the process' memory with many of them open, less that before. Before is a warmed-up process
/// whose earlier connections have come and gone. Each connection has carried one small and one large message and then fallen quiet.
/// </summary>
internal static class MemoryBenchmark
{
    private const int AtOnce = 16;

    /// <summary>One round of one peer, in fresh processes.</summary>
    public static async Task<MemoryRound> RunAsync(Protocol protocol, string peer, int connections)
    {
        await using var set = await PeerSet.StartAsync(protocol, [peer]);
        var proxy = set.Contenders.Single().Peer;
        Close(await OpenAsync(proxy.Address, protocol, connections / 4));
        await SettleAsync(proxy);
        var before = await SettleAsync(proxy);
        var open = await OpenAsync(proxy.Address, protocol, connections);
        var during = await SettleAsync(proxy);
        // They must have been alive all that time, or their memory would not have been counted.
        await UseAsync(open, protocol);
        Close(open);
        return new MemoryRound(before, during, connections);
    }

    /// <summary>Measures until two looks in a row find the same, to one part in two hundred: closed connections are torn down in their own time.</summary>
    private static async Task<MemoryUse> SettleAsync(Peer peer)
    {
        var last = await peer.MeasureMemoryAsync();
        for (var attempt = 0; attempt < 20; attempt++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500));
            var now = await peer.MeasureMemoryAsync();
            if (IsClose(now.LiveBytes ?? now.PrivateBytes, last.LiveBytes ?? last.PrivateBytes)) return now;
            last = now;
        }

        throw new InvalidOperationException("The memory of the server did not settle within 10 s.");

        static bool IsClose(long a, long b) => Math.Abs(a - b) <= b / 200;
    }

    private static async Task<Socket[]> OpenAsync(IPEndPoint peer, Protocol protocol, int count)
    {
        var sockets = await Opening.OpenAllAsync(peer, protocol, Traffic.EchoMode, count);
        await UseAsync(sockets, protocol);
        return sockets;
    }

    private static Task UseAsync(Socket[] sockets, Protocol protocol)
    {
        Traffic[] messages = protocol == Protocol.Tcp ? [Traffic.Message(64), Traffic.Message(16 * 1024)] : [Traffic.Frame(64), Traffic.Frame(16 * 1024)];
        return Parallel.ForEachAsync(sockets, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (socket, _) =>
        {
            foreach (var message in messages)
            {
                var sending = SocketLoops.SendAllAsync(socket, message.Request);
                var answer = new byte[message.Reply.Length];
                for (var count = 0; count < answer.Length;) count += await Opening.ReceiveAsync(socket, answer.AsMemory(count));
                await sending;
                if (!answer.AsSpan().SequenceEqual(message.Reply)) throw new InvalidDataException("What came back differs from what was sent.");
            }
        });
    }

    private static void Close(Socket[] sockets)
    {
        foreach (var socket in sockets) socket.Dispose();
    }
}
