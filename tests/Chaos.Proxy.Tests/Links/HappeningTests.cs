using Chaos.Proxy.Links;

namespace Chaos.Proxy.Tests.Links;

public sealed class HappeningTests
{
    private Happening _happening;

    [Fact]
    public async Task Who_waits_before_and_who_waits_after_learn_of_it()
    {
        var before = _happening.Task;
        Assert.False(_happening.HasHappened);
        Assert.False(before.IsCompleted);
        _happening.Happen();
        _happening.Happen();
        Assert.True(_happening.HasHappened);
        await before;
        await _happening.Task;
    }

    [Fact]
    public async Task It_may_happen_before_anybody_waits()
    {
        _happening.Happen();
        Assert.True(_happening.HasHappened);
        await _happening.Task;
    }
}
