using Chaos.Gateway.Settings;
using Chaos.Gateway.Sockets;

namespace Chaos.Gateway.Tests;

/// <summary>Which handshakes a node takes, decided without a clock.</summary>
public sealed class HandshakeLimitsTests
{
    private static readonly TimeSpan Start = TimeSpan.FromSeconds(7);

    [Theory]
    [InlineData(1, 2, 1000, 1)]
    [InlineData(5, 10, 200, 1)]
    [InlineData(50, 100, 100, 5)]
    [InlineData(1005, 2010, 100, 100)]
    public void A_burst_of_two_seconds_is_taken_at_once_and_then_a_step_each_period(int rate, int burst, int periodMs, int step)
    {
        var limits = Of(new LimitSettings { HandshakesPerSecond = rate, MaxUnauthenticated = 100_000 });
        Assert.Equal(burst, Taken(limits, Start));
        Assert.Equal(0, Taken(limits, Start + TimeSpan.FromMilliseconds(periodMs - 1)));
        Assert.Equal(step, Taken(limits, Start + TimeSpan.FromMilliseconds(periodMs)));
        Assert.Equal(Math.Min(burst, 3 * step), Taken(limits, Start + TimeSpan.FromMilliseconds(4.5 * periodMs)));
        Assert.Equal(step, Taken(limits, Start + TimeSpan.FromMilliseconds(5 * periodMs)));
        Assert.Equal(burst, Taken(limits, Start + TimeSpan.FromHours(1)));
    }

    [Fact]
    public void Places_are_taken_until_they_are_given_back_and_every_refusal_says_why()
    {
        var limits = Of(new LimitSettings { HandshakesPerSecond = 3, MaxConnections = 3, MaxUnauthenticated = 2 });
        Assert.Null(limits.Refuse(Start));
        Assert.Null(limits.Refuse(Start));
        Assert.Equal("unauthenticated", limits.Refuse(Start));
        limits.Authenticated();
        Assert.Null(limits.Refuse(Start));
        Assert.Equal("limit", limits.Refuse(Start));
        limits.Ended(authenticated: true);
        limits.Ended(authenticated: false);
        Assert.Equal((1, 1), (limits.Connections, limits.Unauthenticated));
        Assert.Null(limits.Refuse(Start));
        Assert.Equal("rate", limits.Refuse(Start));
    }

    private static HandshakeLimits Of(LimitSettings settings) => new(settings, Start);

    private static int Taken(HandshakeLimits limits, TimeSpan now)
    {
        var taken = 0;
        while (limits.Refuse(now) is null)
        {
            taken++;
            limits.Ended(authenticated: false);
        }

        return taken;
    }
}
