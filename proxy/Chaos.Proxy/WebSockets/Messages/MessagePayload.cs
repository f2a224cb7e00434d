using System.Buffers.Binary;
using System.IO.Compression;

namespace Chaos.Proxy.WebSockets.Messages;

/// <summary>Reads the payload of a message, and alters it.</summary>
internal static class MessagePayload
{
    // A message that unpacks to more is not matched: it could be made to fill the memory.
    private const int MaxInflatedBytes = 4 * 1024 * 1024;

    private const int MaskBytes = 4;

    /// <summary>The payload as the sender meant it: unmasked, in one piece, unpacked.</summary>
    /// <returns>Null where it cannot be unpacked.</returns>
    public static byte[]? Read(Message message)
    {
        var payload = Unmasked(message);
        return message.IsCompressed ? Inflate(payload) : payload;
    }

    /// <summary>Alters one bit of the payload.</summary>
    /// <returns>False where there is no payload.</returns>
    public static bool Corrupt(Message message, ulong bits)
    {
        var total = message.PayloadLength;
        if (total == 0) return false;
        var at = (int)((bits >> 3) % (ulong)total);
        foreach (var frame in message.Frames)
        {
            if (at < frame.PayloadLength)
            {
                // A bit of a masked byte is a bit of the byte: no need to unmask it.
                message.Bytes[frame.PayloadOffset + at] ^= (byte)(1 << (int)(bits & 7));
                break;
            }
            at -= frame.PayloadLength;
        }
        return true;
    }

    /// <summary>Keeps the first part of the payload, in a single well-formed frame.</summary>
    /// <param name="keep">Share that is kept, 0 to 1.</param>
    /// <returns>False where nothing was cut off.</returns>
    public static bool Truncate(Message message, double keep)
    {
        var total = message.PayloadLength;
        var kept = (int)Math.Floor(total * keep);
        if (kept >= total) return false;
        var first = message.Frames[0];
        var mask = MaskOf(message, first).ToArray();
        var payload = Unmasked(message).AsSpan(0, kept);
        Mask(payload, mask);
        var header = Header((byte)(message.FirstByte | 0x80), kept, mask);
        message.Become([.. header, .. payload], header.Length);
        return true;
    }

    private static byte[] Header(byte firstByte, int length, byte[] mask)
    {
        var flag = mask.Length > 0 ? 0x80 : 0;
        if (length < 126) return [firstByte, (byte)(flag | length), .. mask];
        Span<byte> extended = stackalloc byte[8];
        if (length <= ushort.MaxValue)
        {
            BinaryPrimitives.WriteUInt16BigEndian(extended, (ushort)length);
            return [firstByte, (byte)(flag | 126), .. extended[..2], .. mask];
        }
        BinaryPrimitives.WriteUInt64BigEndian(extended, (ulong)length);
        return [firstByte, (byte)(flag | 127), .. extended, .. mask];
    }

    private static byte[] Unmasked(Message message)
    {
        var payload = new byte[message.PayloadLength];
        var at = 0;
        foreach (var frame in message.Frames)
        {
            var part = payload.AsSpan(at, frame.PayloadLength);
            message.Bytes.Slice(frame.PayloadOffset, frame.PayloadLength).CopyTo(part);
            Mask(part, MaskOf(message, frame));
            at += frame.PayloadLength;
        }
        return payload;
    }

    private static ReadOnlySpan<byte> MaskOf(Message message, MessageFrame frame) =>
        (message.Bytes[frame.Offset + 1] & 0x80) != 0 ? message.Bytes.Slice(frame.PayloadOffset - MaskBytes, MaskBytes) : [];

    private static void Mask(Span<byte> payload, ReadOnlySpan<byte> mask)
    {
        if (mask.IsEmpty) return;
        for (var i = 0; i < payload.Length; i++)
            payload[i] ^= mask[i & 3];
    }

    private static byte[]? Inflate(byte[] payload)
    {
        // RFC 7692, 7.2.2: the sender left these four bytes off.
        using var packed = new MemoryStream([.. payload, 0x00, 0x00, 0xFF, 0xFF]);
        using var inflater = new DeflateStream(packed, CompressionMode.Decompress);
        using var unpacked = new MemoryStream();
        var chunk = new byte[8192];
        try
        {
            for (int bytes; (bytes = inflater.Read(chunk)) > 0;)
            {
                unpacked.Write(chunk, 0, bytes);
                if (unpacked.Length > MaxInflatedBytes) return null;
            }
        }
        catch (InvalidDataException)
        {
            // Not what it says to be: nothing in it can be matched.
            return null;
        }
        return unpacked.ToArray();
    }
}
