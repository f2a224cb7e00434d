using Chaos.Gateway.Sessions;

namespace Chaos.Gateway.Tests;

public sealed class PublishOrderTests
{
    private readonly PublishOrder _order = new();

    private static void End(PublishTurn turn, Action<PublishTurn>? how = null)
    {
        how?.Invoke(turn);
        turn.Dispose();
    }

    [Fact]
    public void One_comes_after_the_one_that_is_under_way_on_its_channel()
    {
        var first = _order.Take("a", "a1");
        Assert.Null(first.After);
        Assert.Equal("a1", _order.Take("a", "a2").After);
        Assert.Null(_order.Take("b", "b1").After);
    }

    [Fact]
    public void After_those_that_are_over_nobody_has_to_come()
    {
        var first = _order.Take("a", "a1");
        End(first, t => t.Published());
        var second = _order.Take("a", "a2");
        Assert.Null(second.After);
        End(second, t => t.Failed());
        Assert.Null(_order.Take("a", "a3").After);
    }

    [Fact]
    public void One_that_is_refused_for_good_leaves_the_next_behind_the_one_before_it()
    {
        _order.Take("a", "a1");
        End(_order.Take("a", "a2"));
        Assert.Equal("a1", _order.Take("a", "a3").After);
    }

    [Fact]
    public void One_that_fails_before_the_one_before_it_leaves_the_next_behind_that()
    {
        _order.Take("a", "a1");
        var (second, third) = (_order.Take("a", "a2"), _order.Take("a", "a3"));
        End(second, t => t.Failed());
        End(third, t => t.Failed());
        Assert.Equal("a1", _order.Take("a", "a4").After);
    }

    [Fact]
    public async Task One_that_was_not_carried_out_takes_those_along_that_wait_for_it()
    {
        var (first, second, third) = (_order.Take("a", "a1"), _order.Take("a", "a2"), _order.Take("a", "a3"));
        var waits = third.BeforeAsync();
        // Refused for good, which says nothing of the first.
        End(second);
        Assert.False(waits.IsCompleted);
        End(first, t => t.Failed());
        Assert.False(await waits);
    }

    [Fact]
    public async Task One_in_the_stream_or_refused_for_good_lets_the_next_go_on()
    {
        var (first, second, third) = (_order.Take("a", "a1"), _order.Take("a", "a2"), _order.Take("a", "a3"));
        var (behindFirst, behindSecond) = (second.BeforeAsync(), third.BeforeAsync());
        End(first);
        Assert.True(await behindFirst);
        End(second, t => t.Published());
        Assert.True(await behindSecond);
    }
}
