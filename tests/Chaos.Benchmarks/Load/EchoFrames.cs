using System.Buffers.Binary;

namespace Chaos.Benchmarks.Load;

/// <summary>One binary message of a given size, as the client puts it on the wire (masked) and as the server's echo must come back (unmasked).</summary>
internal sealed class EchoFrames
{
    private const byte FinalBinary = 0x82;
    private const byte Masked = 0x80;
    private static readonly byte[] Mask = [0x37, 0xfa, 0x21, 0x3d];

    public EchoFrames(int payloadBytes)
    {
        if (payloadBytes is < 1 or > 65_535) throw new ArgumentOutOfRangeException(nameof(payloadBytes));
        Request = Build(payloadBytes, Mask);
        Reply = Build(payloadBytes, []);
    }

    public byte[] Request { get; }

    public byte[] Reply { get; }

    private static byte[] Build(int payloadBytes, byte[] mask)
    {
        var maskBit = mask.Length > 0 ? Masked : (byte)0;
        byte[] header = [FinalBinary, (byte)(maskBit | payloadBytes)];
        if (payloadBytes > 125)
        {
            header = [FinalBinary, (byte)(maskBit | 126), 0, 0];
            BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), (ushort)payloadBytes);
        }

        var payload = new byte[payloadBytes];
        for (var i = 0; i < payload.Length; i++) payload[i] = (byte)(i * 31 ^ (mask.Length > 0 ? mask[i % 4] : 0));
        return [.. header, .. mask, .. payload];
    }
}
