using System.Text.Json.Nodes;
using Chaos.Gateway.Protocol;
using Chaos.Gateway.Streams;
using CsCheck;

namespace Chaos.Gateway.Tests;

public sealed class LocalChannelTests
{
    [Fact]
    public void However_pub_sub_loses_repeats_and_reorders_every_subscriber_gets_each_publication_once_in_order()
    {
        var cases = Gen.Select(Gen.Int[1, 40], Gen.Int[0, 40].Array[0, 80]);
        cases.Sample((end, arrivals) =>
        {
            var channel = new LocalChannel("acme:a");
            var sink = new Sink();
            var subscriber = new Subscriber(sink);
            channel.Join(subscriber);
            Assert.True(channel.Start(subscriber, null, new StreamRead("e", 0, []), new RecoveryMerge(), _ => "{}"u8.ToArray()));

            var published = 0L;
            foreach (var offset in arrivals.Where(o => o >= 1 && o <= end))
            {
                // Nothing arrives before it was published.
                published = Math.Max(published, offset);
                if (channel.Arrived(Live(offset))) Assert.True(channel.Fill(Tail(channel.Position!.Offset, published)));
            }
            if (channel.Compare(new StreamPosition("e", end))) Assert.True(channel.Fill(Tail(channel.Position!.Offset, end)));

            Assert.Equal(Enumerable.Range(1, end).Select(i => (long)i), sink.Offsets);
            Assert.Null(sink.Closed);
        }, iter: 5_000);
    }

    [Fact]
    public void Nothing_behind_a_gap_is_delivered_before_the_gap_is_filled()
    {
        var (channel, sink) = Started();
        Assert.False(channel.Arrived(Live(1)));
        Assert.True(channel.Arrived(Live(3)));
        Assert.False(channel.Arrived(Live(4)));
        Assert.Equal([1], sink.Offsets);
        Assert.False(channel.Fill(Tail(1, 3)));
        Assert.Equal([1, 2, 3], sink.Offsets);
        Assert.True(channel.Fill(Tail(3, 4)));
        Assert.Equal([1, 2, 3, 4], sink.Offsets);
    }

    [Fact]
    public void A_gap_that_history_cannot_fill_closes_with_3010()
    {
        var (channel, sink) = Started();
        Assert.True(channel.Arrived(Live(5)));
        Assert.True(channel.Fill(new StreamRead("e", 5, [new Publication(4, "1"u8.ToArray()), new Publication(5, "1"u8.ToArray())])));
        Assert.Equal(3010, sink.Closed?.Code);
        Assert.Empty(sink.Offsets);
    }

    [Fact]
    public void A_stream_that_began_anew_closes_with_3010()
    {
        var (channel, sink) = Started();
        Assert.False(channel.Arrived(new LivePublication("other", 1, "1"u8.ToArray())));
        Assert.Equal(3010, sink.Closed?.Code);

        (channel, sink) = Started();
        Assert.False(channel.Compare(null));
        Assert.Equal(3010, sink.Closed?.Code);
    }

    [Fact]
    public void What_arrives_between_the_read_and_the_start_is_part_of_the_replay()
    {
        var channel = new LocalChannel("acme:a");
        var sink = new Sink();
        var subscriber = new Subscriber(sink);
        channel.Join(subscriber);
        channel.Arrived(Live(3));
        RecoveryResult? result = null;
        Assert.True(channel.Start(subscriber, new StreamPosition("e", 1), Tail(1, 2), new RecoveryMerge(), r =>
        {
            result = r;
            return "{}"u8.ToArray();
        }));
        Assert.Equal([2, 3], result!.Publications.Select(p => p.Offset));
        channel.Arrived(Live(3));
        channel.Arrived(Live(4));
        Assert.Equal([4], sink.Offsets);
    }

    private static (LocalChannel Channel, Sink Sink) Started()
    {
        var channel = new LocalChannel("acme:a");
        var sink = new Sink();
        var subscriber = new Subscriber(sink);
        channel.Join(subscriber);
        Assert.True(channel.Start(subscriber, null, new StreamRead("e", 0, []), new RecoveryMerge(), _ => "{}"u8.ToArray()));
        return (channel, sink);
    }

    private static LivePublication Live(long offset) => new("e", offset, "1"u8.ToArray());

    private static StreamRead Tail(long after, long top) =>
        new("e", top, [.. Enumerable.Range(0, (int)(top - after)).Select(i => new Publication(after + 1 + i, "1"u8.ToArray()))]);

    private sealed class Sink : IStreamSink
    {
        public List<long> Offsets { get; } = [];

        public CloseReason? Closed { get; private set; }

        public void Send(ReadOnlyMemory<byte> message)
        {
            if (JsonNode.Parse(message.Span)!["push"] is { } push) Offsets.Add((long)push["pub"]!["offset"]!);
        }

        public void Close(CloseReason reason) => Closed ??= reason;
    }
}
