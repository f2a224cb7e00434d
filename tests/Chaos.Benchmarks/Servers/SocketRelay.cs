using System.Net;
using System.Net.Sockets;

namespace Chaos.Benchmarks.Servers;

/// <summary>The barest proxy: dial, then copy both ways. No faults, no accounts, no ledger, no care for anything.</summary>
internal static class SocketRelay
{
    private const int BufferBytes = 32 * 1024;

    public static IBenchmarkServer Start(string upstream)
    {
        var target = IPEndPoint.Parse(upstream);
        return new SocketLoops(client => RelayAsync(client, target));
    }

    private static async Task RelayAsync(Socket client, IPEndPoint target)
    {
        using var server = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await server.ConnectAsync(target);
        await Task.WhenAll(CopyAsync(client, server), CopyAsync(server, client));
    }

    private static async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[BufferBytes];
        for (int bytes; (bytes = await from.ReceiveAsync(buffer)) > 0;) await SocketLoops.SendAllAsync(to, buffer.AsMemory(0, bytes));
        to.Shutdown(SocketShutdown.Send);
    }
}
