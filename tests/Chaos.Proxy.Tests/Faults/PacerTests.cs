using Chaos.Proxy.Faults;

namespace Chaos.Proxy.Tests.Faults;

/// <summary>A rate is kept in every second, whatever the sizes in which bytes come.</summary>
public sealed class PacerTests
{
    private const long Second = 1_000_000_000;

    [Theory]
    [InlineData(1_000), InlineData(50_000), InlineData(1_000_000), InlineData(100_000_000)]
    public void Every_second_carries_the_rate_within_one_percent(double bytesPerSecond)
    {
        var pacer = new Pacer(bytesPerSecond);
        var random = new Random(5);
        var released = new List<(long At, int Bytes)>();
        var lastNs = 0L;
        while (lastNs < 4 * Second)
        {
            // All of it is there at once: the line is full.
            for (var left = random.Next(1, 50_000); left > 0;)
            {
                var piece = pacer.NextPiece(left);
                lastNs = pacer.Release(0, piece);
                released.Add((lastNs, piece));
                left -= piece;
            }
        }
        for (var from = 0L; from < 3 * Second; from += Second / 10)
        {
            var bytes = released.Where(piece => piece.At > from && piece.At <= from + Second).Sum(piece => (long)piece.Bytes);
            Assert.InRange(bytes, bytesPerSecond * 0.99 - 1, bytesPerSecond * 1.01 + 1);
        }
    }

    [Fact]
    public void An_idle_line_saves_nothing_up()
    {
        var pacer = new Pacer(1_000_000);
        Assert.Equal(1_000_000, pacer.Release(0, 1000));
        // Ten seconds later it is as slow as ever.
        Assert.Equal(10 * Second + 1_000_000, pacer.Release(10 * Second, 1000));
        Assert.Equal(10 * Second + 2_000_000, pacer.Release(10 * Second, 1000));
    }

    [Fact]
    public void What_was_queued_can_be_paced_again()
    {
        var pacer = new Pacer(1000);
        pacer.Release(0, 60_000);
        pacer.Rewind(Second);
        Assert.Equal(2 * Second, pacer.Release(0, 1000));
    }
}
