using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Chaos.Benchmarks.Load;

/// <summary>
/// A WebSocket client that does one thing: send a prepared message and check that the same comes back. Blocking calls on a bare
/// socket, no allocation per message, so that the load generator takes as little of the machine as it can.
/// </summary>
internal sealed class EchoConnection : IDisposable
{
    private const int TimeoutMs = 10_000;
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, SendTimeout = TimeoutMs, ReceiveTimeout = TimeoutMs };
    private byte[] _received = new byte[4096];

    public static EchoConnection Open(IPEndPoint server, string client)
    {
        var connection = new EchoConnection();
        try
        {
            connection._socket.Connect(server);
            connection.Upgrade(server, client);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>One round trip. Throws if anything but the same message comes back.</summary>
    public void Exchange(EchoFrames frames)
    {
        Send(frames.Request);
        var expected = frames.Reply.Length;
        if (_received.Length < expected) _received = new byte[expected];
        for (var count = 0; count < expected;) count += Receive(_received.AsSpan(count, expected - count));
        if (!_received.AsSpan(0, expected).SequenceEqual(frames.Reply)) throw new InvalidDataException("The echo differs from what was sent.");
    }

    public void Dispose() => _socket.Dispose();

    private void Upgrade(IPEndPoint server, string client)
    {
        Send(Encoding.ASCII.GetBytes(
            $"GET /echo?client={client} HTTP/1.1\r\nHost: {server}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"));
        // The server speaks only when spoken to, so nothing can follow the answer's last line in this buffer.
        var count = 0;
        while (!_received.AsSpan(0, count).EndsWith("\r\n\r\n"u8)) count += Receive(_received.AsSpan(count));
        if (!_received.AsSpan(0, count).StartsWith("HTTP/1.1 101 "u8))
            throw new InvalidDataException($"No upgrade: {Encoding.ASCII.GetString(_received, 0, count).Split('\r')[0]}");
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0) bytes = bytes[_socket.Send(bytes)..];
    }

    private int Receive(Span<byte> buffer)
    {
        var count = _socket.Receive(buffer);
        return count > 0 ? count : throw new EndOfStreamException("The connection was closed.");
    }
}
