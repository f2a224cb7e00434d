using Chaos.Gateway.Streams;
using CsCheck;

namespace Chaos.Gateway.Tests;

public sealed class RecoveryMergeTests
{
    private static readonly RecoveryMerge Merge = new();

    private static Publication Pub(long offset) => new(offset, BitConverter.GetBytes(offset));

    private static LivePublication Live(long offset, string epoch = "e") => new(epoch, offset, BitConverter.GetBytes(offset));

    private static StreamRead Read(long top, int kept, long? since = null) =>
        new("e", top, [.. Enumerable.Range(1, (int)Math.Min(kept, since is { } s ? Math.Max(0, top - s) : 0)).Reverse().Select(i => Pub(top - i + 1))]);

    [Fact]
    public void Whatever_is_read_and_arrives_the_client_gets_everything_once_in_order_or_nothing()
    {
        // A stream of `end` entries; history was read at `top` and keeps `kept`; live publications from `from` on arrived, some twice, in any order.
        var cases = from end in Gen.Long[0, 30]
                    from top in Gen.Long[0, end]
                    from kept in Gen.Int[0, 30]
                    from since in Gen.Long[0, end + 2]
                    from live in Gen.Long[1, 31].Array[0, 20]
                    select (end, top, kept, since, live: live.Where(o => o <= end).ToArray());
        cases.Sample(c =>
        {
            var result = Merge.Merge(new StreamPosition("e", c.since), Read(c.top, c.kept, c.since), [.. c.live.Select(o => Live(o))]);
            var beyond = c.live.Where(o => o > c.top).Distinct().Order().ToArray();
            var contiguous = beyond.Select((o, i) => o == c.top + 1 + i).All(x => x);
            Assert.Equal(contiguous, result.Gapless);
            if (!result.Gapless)
            {
                Assert.Empty(result.Publications);
                return;
            }
            var newTop = c.top + beyond.Length;
            Assert.Equal(newTop, result.Position.Offset);
            var whole = c.since <= newTop && Math.Max(0, c.top - c.since) <= c.kept;
            Assert.Equal(whole, result.Recovered);
            var expected = whole ? Enumerable.Range(1, (int)(newTop - c.since)).Select(i => c.since + i) : [];
            Assert.Equal(expected, result.Publications.Select(p => p.Offset));
            Assert.All(result.Publications, p => Assert.Equal(p.Offset, BitConverter.ToInt64(p.Data.Span)));
        }, iter: 20_000);
    }

    [Fact]
    public void Another_epoch_is_never_recovered()
    {
        var result = Merge.Merge(new StreamPosition("old", 3), Read(5, 10, 3), []);
        Assert.True(result.Gapless);
        Assert.False(result.Recovered);
        Assert.Empty(result.Publications);
        Assert.Equal(new StreamPosition("e", 5), result.Position);
    }

    [Fact]
    public void A_live_publication_of_another_epoch_makes_the_start_unsafe() =>
        Assert.False(Merge.Merge(null, Read(5, 10), [Live(6, "new")]).Gapless);

    [Fact]
    public void A_fresh_client_starts_behind_what_has_already_arrived()
    {
        var result = Merge.Merge(null, Read(5, 10), [Live(4), Live(6), Live(7)]);
        Assert.True(result.Gapless);
        Assert.False(result.Recovered);
        Assert.Equal(7, result.Position.Offset);
        Assert.Empty(result.Publications);
    }
}
