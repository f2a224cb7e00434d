using System.Net;
using System.Net.Sockets;
using System.Text;
using Chaos.Benchmarks.Servers;

namespace Chaos.Benchmarks.Load;

/// <summary>How a connection begins, before anything is measured on it.</summary>
internal static class Opening
{
    private const int AtOnce = 16;

    /// <summary>Opens many connections, some at a time.</summary>
    public static async Task<Socket[]> OpenAllAsync(IPEndPoint peer, Protocol protocol, byte mode, int count)
    {
        var sockets = new Socket[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) => sockets[i] = await OpenAsync(peer, protocol, mode));
        return sockets;
    }

    public static async Task<Socket> OpenAsync(IPEndPoint peer, Protocol protocol, byte mode)
    {
        var socket = new Socket(peer.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(peer).ConfigureAwait(false);
            if (protocol == Protocol.WebSocket) await UpgradeAsync(socket, peer).ConfigureAwait(false);
            else await SocketLoops.SendAllAsync(socket, new[] { mode }).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The handshake of a WebSocket connection.</summary>
    public static async Task UpgradeAsync(Socket socket, IPEndPoint host)
    {
        await SocketLoops.SendAllAsync(socket, Encoding.ASCII.GetBytes(
            $"GET /echo?client=benchmark HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")).ConfigureAwait(false);
        // The server speaks only when spoken to, so nothing can follow the answer's last line in this buffer.
        var answer = new byte[2048];
        var count = 0;
        while (!answer.AsSpan(0, count).EndsWith("\r\n\r\n"u8)) count += await ReceiveAsync(socket, answer.AsMemory(count)).ConfigureAwait(false);
        if (!answer.AsSpan(0, count).StartsWith("HTTP/1.1 101 "u8))
            throw new InvalidDataException($"No upgrade: {Encoding.ASCII.GetString(answer, 0, count).Split('\r')[0]}");
    }

    /// <summary>Bytes received, at least one.</summary>
    public static async ValueTask<int> ReceiveAsync(Socket socket, Memory<byte> buffer)
    {
        var count = await socket.ReceiveAsync(buffer).ConfigureAwait(false);
        return count > 0 ? count : throw new EndOfStreamException("The connection was closed.");
    }
}
