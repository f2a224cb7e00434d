using Chaos.Client.Policies;
using Xunit;

namespace Chaos.Client.Tests.Machine;

public sealed class LivenessTests
{
    private static readonly ClientPolicy Policy = new() { PingSlackMs = 500 };

    [Fact]
    public void Silence_for_ping_and_slack_gives_the_connection_up_without_a_handshake()
    {
        var rig = new Rig(policy: Policy);
        rig.Connect(ping: 2);
        rig.Pass(2_499);
        Assert.Empty(rig.Aborts);
        rig.Pass(1);
        Assert.Equal([1], rig.Aborts);
        Assert.Empty(rig.Closes);
        Assert.Equal("disconnected liveness ", rig.Seen[^1]);
        rig.UntilDial();
    }

    [Fact]
    public void Time_counts_from_the_last_byte()
    {
        var rig = new Rig(policy: Policy);
        rig.Connect(ping: 2);
        rig.Pass(2_400);
        rig.Receive("{}");
        rig.Pass(2_400);
        // A part of a message is as good as a whole one.
        rig.Do(m => m.Activity(1, rig.Now));
        rig.Pass(2_499);
        Assert.Empty(rig.Aborts);
        rig.Pass(1);
        Assert.Equal([1], rig.Aborts);
    }

    [Fact]
    public void Pings_are_answered()
    {
        var rig = new Rig();
        rig.Connect(ping: 2);
        rig.Receive("{}");
        rig.Receive("{}\n{}");
        Assert.Equal(3, rig.Pongs);
    }

    [Fact]
    public void Without_pings_there_is_no_deadline()
    {
        var rig = new Rig();
        rig.Connect(ping: 0);
        rig.Pass(86_400_000);
        Assert.Empty(rig.Aborts);
    }
}
