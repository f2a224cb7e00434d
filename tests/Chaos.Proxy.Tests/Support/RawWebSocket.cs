using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Chaos.Proxy.Tests.Support;

/// <summary>A client that sends frames as it is told to: fragments, pings, its own masks.</summary>
internal sealed class RawWebSocket : IDisposable
{
    private readonly Socket _socket;
    private byte _mask = 1;

    private RawWebSocket(Socket socket) => _socket = socket;

    public static async Task<RawWebSocket> ConnectAsync(Uri address, string headers = "")
    {
        var socket = await Bench.ConnectAsync(new IPEndPoint(IPAddress.Parse(address.Host), address.Port));
        await socket.SendAllAsync(Encoding.ASCII.GetBytes(
            $"GET {address.PathAndQuery} HTTP/1.1\r\nHost: {address.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{headers}\r\n"));
        var answer = new StringBuilder();
        while (!answer.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal)) answer.Append((char)(await socket.ReadAsync(1))[0]);
        Assert.StartsWith("HTTP/1.1 101", answer.ToString(), StringComparison.Ordinal);
        return new RawWebSocket(socket) { Answer = answer.ToString() };
    }

    /// <summary>The answer to the handshake.</summary>
    public string Answer { get; private init; } = "";

    public Task SendAsync(int opcode, ReadOnlySpan<byte> payload, bool final = true)
    {
        byte[] mask = [_mask++, 2, 3, 4];
        var masked = payload.ToArray();
        for (var i = 0; i < masked.Length; i++) masked[i] ^= mask[i & 3];
        return _socket.SendAllAsync((byte[])[(byte)((final ? 0x80 : 0) | opcode), (byte)(0x80 | masked.Length), .. mask, .. masked]);
    }

    public async Task<(int Opcode, byte[] Payload)> ReceiveAsync()
    {
        var header = await _socket.ReadAsync(2);
        return (header[0] & 0x0F, await _socket.ReadAsync(header[1] & 0x7F));
    }

    public void Dispose() => _socket.Dispose();
}
