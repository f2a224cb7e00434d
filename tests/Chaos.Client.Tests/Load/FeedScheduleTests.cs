using Chaos.Load.Feeds;
using CsCheck;
using Xunit;

namespace Chaos.Client.Tests.Load;

public sealed class FeedScheduleTests
{
    private const long StartUs = 1_700_000_000_000_000;

    private static readonly FeedLine[] Lines = [.. Enumerable.Range(1, 7).Select(i => new FeedLine($"c-{i:0000}", "acme:ch-001"))];

    [Fact]
    public void Due_times_never_fall_and_keep_to_the_rate()
    {
        Gen.Select(Gen.Int[0, 10_000], Gen.Double[0.1, 20_000]).Sample((seed, rate) =>
        {
            var schedule = new FeedSchedule(Lines, rate, seed, StartUs);
            var previous = StartUs;
            for (var index = 0; index < 200; index++)
            {
                var due = schedule[index].DueUs;
                Assert.True(due >= previous);
                previous = due;
            }

            // Over one whole period every line publishes once.
            var periodUs = Lines.Length * 1e6 / rate;
            Assert.Equal(schedule[0].DueUs + periodUs, schedule[Lines.Length].DueUs, tolerance: 2);
        });
    }

    [Fact]
    public void Each_line_counts_from_one_without_holes()
    {
        var schedule = new FeedSchedule(Lines, 100, 5, StartUs);
        var counters = new long[Lines.Length];
        for (var index = 0; index < 700; index++)
        {
            var message = schedule[index];
            Assert.Equal(++counters[message.Line], message.N);
            Assert.Equal(message.DueUs, schedule.DueUs(message.Line, message.N));
        }

        Assert.All(counters, count => Assert.Equal(100, count));
    }

    [Fact]
    public void One_seed_gives_one_schedule()
    {
        long[] Dues(long seed) => [.. Enumerable.Range(0, 50).Select(index => new FeedSchedule(Lines, 100, seed, StartUs)[index].DueUs)];
        Assert.Equal(Dues(9), Dues(9));
        Assert.NotEqual(Dues(9), Dues(10));
    }
}
