using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Chaos.Proxy.Tests.Support;

/// <summary>
/// One WebSocket over HTTP/2 (RFC 8441) on a connection of its own, frame by frame (RFC 9113): what an HTTP client does not let a test
/// choose, such as a reset that no end precedes.
/// </summary>
internal sealed class RawHttp2 : IDisposable
{
    private const int Stream = 1;
    private const byte Data = 0, Headers = 1, Reset = 3, Settings = 4;
    private const byte EndStream = 1, Acknowledged = 1, EndHeaders = 4;
    private readonly Socket _socket;

    private RawHttp2(Socket socket) => _socket = socket;

    /// <summary>Opens the WebSocket and reads the answer's header.</summary>
    public static async Task<RawHttp2> ConnectAsync(IPEndPoint address, string path)
    {
        var client = new RawHttp2(await Bench.ConnectAsync(address));
        await client._socket.SendAllAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray());
        await client.SendAsync(Settings, 0, 0, []);
        await client.SendAsync(Headers, EndHeaders, Stream, Block((":method", "CONNECT"), (":protocol", "websocket"), (":scheme", "http"), (":path", path), (":authority", "test"), ("sec-websocket-version", "13")));
        await client.UntilAsync(Headers);
        return client;
    }

    /// <summary>Sends a short text message and waits for an answer.</summary>
    public async Task AskAsync()
    {
        await SendAsync(Data, 0, Stream, [0x81, 0x82, 0, 0, 0, 0, (byte)'h', (byte)'i']);
        await UntilAsync(Data);
    }

    /// <summary>RST_STREAM with CANCEL, and nothing before it.</summary>
    public Task ResetAsync() => SendAsync(Reset, 0, Stream, [0, 0, 0, 8]);

    /// <summary>An empty DATA frame with END_STREAM.</summary>
    public Task EndAsync() => SendAsync(Data, EndStream, Stream, []);

    public void Dispose() => _socket.Dispose();

    // Literal fields without indexing and without Huffman's code (RFC 7541, 6.2.2).
    private static byte[] Block(params ReadOnlySpan<(string Name, string Value)> fields)
    {
        using var block = new MemoryStream();
        foreach (var (name, value) in fields)
        {
            block.WriteByte(0);
            foreach (var text in new[] { name, value })
            {
                block.WriteByte(checked((byte)text.Length));
                block.Write(Encoding.ASCII.GetBytes(text));
            }
        }

        return block.ToArray();
    }

    private Task SendAsync(byte type, byte flags, int stream, byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        frame[2] = checked((byte)payload.Length);
        (frame[3], frame[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        return _socket.SendAllAsync(frame);
    }

    private async Task UntilAsync(byte type)
    {
        while (await ReadAsync() != type)
        {
        }
    }

    private async Task<byte> ReadAsync()
    {
        var head = await _socket.ReadAsync(9);
        var length = (head[0] << 16) | (head[1] << 8) | head[2];
        if (length > 0) await _socket.ReadAsync(length);
        if (head[3] == Settings && head[4] != Acknowledged) await SendAsync(Settings, Acknowledged, 0, []);
        return head[3];
    }
}
