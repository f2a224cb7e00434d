using System.Net;
using System.Net.Sockets;
using System.Text;
using Chaos.Proxy.Tests.Support;

namespace Chaos.Proxy.Tests.Robustness;

/// <summary>Client sockets, for WebSocket after a handshake by hand.</summary>
internal static class RawClient
{
    /// <param name="bufferBytes">Size of the socket's buffers; 0 for the system's.</param>
    public static async Task<Socket> ConnectAsync(IPEndPoint address, bool webSocket, int bufferBytes = 0)
    {
        var socket = await OpenAsync(address, bufferBytes);
        if (!webSocket) return socket;
        await SendHandshakeAsync(socket);
        Assert.StartsWith("HTTP/1.1 101 ", await ReadHeadAsync(socket), StringComparison.Ordinal);
        return socket;
    }

    public static async Task<Socket> OpenAsync(IPEndPoint address, int bufferBytes = 0)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (bufferBytes > 0) (socket.SendBufferSize, socket.ReceiveBufferSize) = (bufferBytes, bufferBytes);
        await socket.ConnectAsync(address);
        return socket;
    }

    /// <summary>
    /// How a connection ends that sends nothing, as <see cref="Talk.EndingAsync"/> says it. A reset that is quicker than
    /// this process is reported by the connect itself.
    /// </summary>
    public static async Task<string> FateAsync(IPEndPoint address)
    {
        try
        {
            using var client = await OpenAsync(address);
            return await client.EndingAsync();
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            return "rst";
        }
    }

    public static Task SendHandshakeAsync(Socket socket) => socket.SendAllAsync(Encoding.ASCII.GetBytes(
        "GET /connection HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));

    /// <summary>Reads to the end of the header of a request or an answer, and not a byte more.</summary>
    public static async Task<string> ReadHeadAsync(Socket socket)
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal)) head.Append((char)(await socket.ReadAsync(1))[0]);
        return head.ToString();
    }

    /// <summary>Ends a connection with RST.</summary>
    public static void Abort(this Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }
}
