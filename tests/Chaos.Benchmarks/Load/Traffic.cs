using System.Buffers.Binary;

namespace Chaos.Benchmarks.Load;

/// <summary>
/// One unit of traffic: what a client sends for it, what must come back, and how many of them may be under way on a connection. With one
/// it is request and response; with many it is bulk.
/// </summary>
internal sealed record Traffic(byte[] Request, byte[] Reply, int Window)
{
    /// <summary>First byte of a TCP connection on which the server echoes.</summary>
    public const byte EchoMode = (byte)'E';

    /// <summary>First byte of a TCP connection on which the server sends a block for each byte.</summary>
    public const byte DownloadMode = (byte)'D';

    /// <summary>A block of bulk traffic.</summary>
    public const int BlockBytes = 64 * 1024;

    private const int MostUnderWay = 64 * 1024 * 1024;
    private const int WidestWindow = 16;
    private const byte FinalBinary = 0x82;
    private const byte Masked = 0x80;
    private static readonly byte[] Mask = [0x37, 0xfa, 0x21, 0x3d];

    /// <summary>One message at a time, over TCP.</summary>
    public static Traffic Message(int bytes) => new(Pattern(bytes), Pattern(bytes), 1);

    /// <summary>One WebSocket message at a time: masked there, unmasked back.</summary>
    public static Traffic Frame(int bytes) => new(Frame(bytes, Mask), Frame(bytes, []), 1);

    /// <summary>Blocks from the server, as many under way as keep every buffer busy.</summary>
    public static Traffic Download(int connections) => new([0], Pattern(BlockBytes), WindowFor(connections));

    /// <summary>Blocks there and back at the same time.</summary>
    public static Traffic BothWays(int connections) => new(Pattern(BlockBytes), Pattern(BlockBytes), WindowFor(connections));

    /// <summary>Bytes that differ from their neighbours and repeat only after 251.</summary>
    public static byte[] Pattern(int bytes)
    {
        var pattern = new byte[bytes];
        for (var i = 0; i < bytes; i++) pattern[i] = (byte)(i % 251 * 31);
        return pattern;
    }

    // With many connections each has less under way, so that what is under way fits the memory of the kernel.
    private static int WindowFor(int connections) => Math.Clamp(MostUnderWay / BlockBytes / connections, 2, WidestWindow);

    private static byte[] Frame(int payloadBytes, byte[] mask)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payloadBytes, ushort.MaxValue);
        var maskBit = mask.Length > 0 ? Masked : (byte)0;
        byte[] header = [FinalBinary, (byte)(maskBit | payloadBytes)];
        if (payloadBytes > 125)
        {
            header = [FinalBinary, (byte)(maskBit | 126), 0, 0];
            BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), (ushort)payloadBytes);
        }

        var payload = Pattern(payloadBytes);
        for (var i = 0; mask.Length > 0 && i < payloadBytes; i++) payload[i] ^= mask[i % 4];
        return [.. header, .. mask, .. payload];
    }
}
