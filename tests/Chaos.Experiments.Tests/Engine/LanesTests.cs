using Chaos.Experiments.Engine.Runs;
using Xunit;

namespace Chaos.Experiments.Tests.Engine;

public sealed class LanesTests
{
    [Fact]
    public void Who_is_there_while_another_comes_has_company_and_so_has_the_other()
    {
        var lanes = new Lanes(2);
        var first = lanes.Enter();
        var second = lanes.Enter();
        lanes.Leave(first);
        lanes.Leave(second);
        var third = lanes.Enter();
        lanes.Leave(third);
        var fourth = lanes.Enter();

        Assert.True(first.HadCompany);
        Assert.True(second.HadCompany);
        Assert.False(third.HadCompany);
        Assert.False(fourth.HadCompany);
    }

    [Theory]
    [InlineData(16, 4, 2)]
    [InlineData(4, 3, 1)]
    [InlineData(1, 2, 1)]
    public void Half_of_what_was_too_many_may_go_on_and_never_none(int lanes, int running, int left)
    {
        var open = new Lanes(lanes);
        var stays = Enumerable.Range(0, running).Select(_ => open.Enter()).ToList();
        foreach (var stay in stays) open.Leave(stay);
        // One alone may have been unlucky.
        Assert.False(open.HadNoRoom(stays[0]));
        Assert.Equal(lanes, open.Count);

        Assert.Equal(left < lanes, open.HadNoRoom(stays[1]));
        Assert.Equal(left, open.Count);
        // The others had no room at the same time, for the same reason.
        foreach (var stay in stays) Assert.False(open.HadNoRoom(stay));
        Assert.Equal(left, open.Count);
    }
}
