using Chaos.Proxy.WebSockets;
using CsCheck;

namespace Chaos.Proxy.Tests.WebSockets;

public sealed class FrameReaderTests
{
    private static byte[] Frame(int opcode, int length, bool masked, byte fill = 7)
    {
        var header = new List<byte> { (byte)(0x80 | opcode) };
        var mask = masked ? 0x80 : 0;
        if (length < 126) header.Add((byte)(mask | length));
        else if (length <= 0xFFFF) header.AddRange([(byte)(mask | 126), (byte)(length >> 8), (byte)length]);
        else header.AddRange([(byte)(mask | 127), 0, 0, 0, 0, (byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length]);
        if (masked) header.AddRange([1, 2, 3, 4]);
        return [.. header, .. Enumerable.Repeat(fill, length)];
    }

    [Theory]
    [InlineData(0, false), InlineData(0, true), InlineData(1, true), InlineData(125, false), InlineData(126, true), InlineData(127, false), InlineData(65536, true)]
    public void A_frame_is_found_whole_at_every_boundary_of_its_header(int length, bool masked)
    {
        byte[] stream = [.. Frame(1, length, masked), .. Frame(2, 3, masked)];
        var first = stream.Length - Frame(2, 3, masked).Length;
        for (var split = 1; split < Math.Min(stream.Length, 20); split++)
        {
            var reader = new FrameReader();
            var ends = new List<int>();
            Feed(ref reader, stream.AsSpan(0, split), 0, ends);
            Feed(ref reader, stream.AsSpan(split), split, ends);
            Assert.Equal([first, stream.Length], ends);
            Assert.Equal(2, reader.Started);
            Assert.True(reader.AtBoundary);
        }
    }

    [Fact]
    public void Any_split_of_any_frames_gives_the_same_frames()
    {
        var frames = Gen.Select(Gen.Int[0, 10], Gen.OneOf(Gen.Int[0, 300], Gen.Int[65_000, 66_000]), Gen.Bool).Array[1, 8];
        Gen.Select(frames, Gen.Int[1, 500].Array[1, 30]).Sample((list, cuts) =>
        {
            var parts = list.Select(frame => Frame(frame.Item1, frame.Item2, frame.Item3)).ToArray();
            var stream = parts.SelectMany(part => part).ToArray();
            var expected = parts.Select((_, i) => parts.Take(i + 1).Sum(part => part.Length));
            var reader = new FrameReader();
            var ends = new List<int>();
            var position = 0;
            for (var i = 0; position < stream.Length; i++)
            {
                var take = Math.Min(cuts[i % cuts.Length], stream.Length - position);
                Feed(ref reader, stream.AsSpan(position, take), position, ends);
                position += take;
            }
            return ends.SequenceEqual(expected) && reader.Completed == parts.Length;
        }, iter: 200);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_close_frame_tells_its_code_and_reason_byte_by_byte(bool masked)
    {
        var frame = CloseFrame.Create(4001, "später", masked);
        var reader = new FrameReader();
        foreach (var b in frame)
            reader.Next([b]);
        Assert.True(reader.Closed);
        Assert.Equal(4001, reader.CloseCode);
        Assert.Equal("später", reader.CloseReason);
    }

    private static void Feed(ref FrameReader reader, ReadOnlySpan<byte> data, int at, List<int> ends)
    {
        while (!data.IsEmpty)
        {
            var part = reader.Next(data);
            at += part.Length;
            if (part.Ends) ends.Add(at);
            data = data[part.Length..];
        }
    }
}
