using Chaos.Proxy.Tcp;

namespace Chaos.Proxy.Tests.Tcp;

public sealed class TurnsTests
{
    [Theory]
    // The sequence in the documentation of nginx's smooth weighted round-robin, for 5, 1 and 1.
    [InlineData("5,1,1", "0010200")]
    [InlineData("1,1,1", "012")]
    [InlineData("30,10", "0010")]
    [InlineData("0,2,0", "1")]
    [InlineData("0,0", "")]
    [InlineData("1000,999,0", null)]
    public void Each_has_its_share_spread_over_the_round(string weights, string? round)
    {
        int[] of = [.. weights.Split(',').Select(int.Parse)];
        var turns = Turns.Of(of);
        if (round is not null) Assert.Equal(round, string.Concat(turns));
        for (var i = 0; i < of.Length; i++) Assert.Equal(of[i] * (long)turns.Length, turns.Count(t => t == i) * (long)of.Sum());
    }
}
