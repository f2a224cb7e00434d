using Chaos.Experiments.Engine.Worlds;
using Xunit;

namespace Chaos.Experiments.Tests.Engine;

/// <summary>How new connections are shared out among a region's nodes and where steering sends them.</summary>
public sealed class SharesTests
{
    [Fact]
    public void Without_a_shift_the_nodes_have_their_own_weights() => Assert.Equal("a:1*100,b:1*0", Shares.Upstream([("a:1", 100), ("b:1", 0)], []));

    [Fact]
    public void A_share_goes_elsewhere_and_the_nodes_keep_their_proportions() =>
        Assert.Equal("a:1*40,b:1*20,us:1*90", Shares.Upstream([("a:1", 100), ("b:1", 50)], [("us:1", 0.6)]));

    [Fact]
    public void Everything_may_go_elsewhere_in_parts() => Assert.Equal("a:1*0,us:1*50,ap:1*50", Shares.Upstream([("a:1", 100)], [("us:1", 0.5), ("ap:1", 0.5)]));

    [Fact]
    public void Several_shifts_together_send_all_of_it_at_most() => Assert.Equal("a:1*0,us:1*50,ap:1*50", Shares.Upstream([("a:1", 100)], [("us:1", 0.8), ("ap:1", 0.8)]));

    [Fact]
    public void No_weight_is_above_what_the_proxy_takes()
    {
        var nodes = Enumerable.Range(1, 16).Select(i => ($"n:{i}", 100)).ToList();
        var weights = Shares.Upstream(nodes, [("us:1", 0.9)]).Split(',').Select(t => int.Parse(t.Split('*')[1], System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.All(weights, weight => Assert.InRange(weight, 1, 1000));
        Assert.InRange(weights[^1] / (double)weights.Sum(), 0.88, 0.92);
    }
}
