using Chaos.Proxy.WebSockets;
using CsCheck;

namespace Chaos.Proxy.Tests.Robustness;

/// <summary>
/// The frame reader takes whatever comes: it neither throws nor hangs, holds no more than a close frame's payload, and finds
/// the same frames however the bytes are cut. 20,000 inputs by default, 10 million with CHAOS_LONG=1.
/// </summary>
public sealed class FrameFuzzTests
{
    private static readonly long Inputs = Environment.GetEnvironmentVariable("CHAOS_LONG") == "1" ? 10_000_000 : 20_000;

    // Random bytes are mostly frames of absurd lengths; the others begin as real frames do, and are damaged after.
    private static readonly Gen<byte[]> Noise = Gen.Byte.Array[0, 200];

    private static readonly Gen<byte[]> Frames =
        Gen.Select(Gen.Byte, Gen.Int[0, 130], Gen.Bool, Gen.Byte).Select((first, length, masked, fill) => Frame(first, length, masked, fill)).Array[1, 6]
            .Select(frames => frames.SelectMany(frame => frame).ToArray());

    private static readonly Gen<byte[]> Damaged = Gen.Select(Frames, Gen.Int, Gen.Byte).Select((bytes, at, value) =>
    {
        var copy = (byte[])bytes.Clone();
        copy[(int)((uint)at % (uint)copy.Length)] = value;
        return copy;
    });

    [Fact]
    public void Any_bytes_in_any_split_give_the_same_frames() =>
        Gen.Select(Gen.OneOf(Noise, Frames, Damaged), Gen.Int[1, 40].Array[1, 8]).Sample((bytes, cuts) =>
        {
            var whole = Read(bytes, [bytes.Length]);
            var split = Read(bytes, cuts);
            var single = Read(bytes, [1]);
            return whole == split && whole == single;
        }, iter: Inputs);

    private static byte[] Frame(byte first, int length, bool masked, byte fill)
    {
        var mask = masked ? 0x80 : 0;
        byte[] header = length < 126 ? [first, (byte)(mask | length)] : [first, (byte)(mask | 126), 0, (byte)length];
        return [.. header, .. masked ? new byte[] { 1, 2, 3, 4 } : [], .. Enumerable.Repeat(fill, length)];
    }

    // Everything that the reader says, as one text.
    private static string Read(byte[] bytes, int[] cuts)
    {
        var reader = new FrameReader();
        var said = new System.Text.StringBuilder();
        var position = 0;
        for (var i = 0; position < bytes.Length; i++)
        {
            var data = bytes.AsSpan(position, Math.Min(Math.Max(1, cuts[i % cuts.Length]), bytes.Length - position));
            while (!data.IsEmpty)
            {
                var part = reader.Next(data);
                if (part.Length <= 0 || part.Length > data.Length) throw new InvalidOperationException($"a part of {part.Length} of {data.Length} bytes");
                position += part.Length;
                data = data[part.Length..];
                if (part.Starts) said.Append('[').Append(reader.Opcode);
                if (part.Ends) said.Append(' ').Append(position).Append(reader.InMessage ? "+]" : "]");
            }
        }
        return said.Append($" {reader.Started} {reader.Completed} {reader.Messages} {reader.AtBoundary} {reader.Closed} {reader.CloseCode} {reader.CloseReason}").ToString();
    }
}
