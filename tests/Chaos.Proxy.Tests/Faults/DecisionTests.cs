using Chaos.Proxy.Faults;
using Chaos.Proxy.Links;
using CsCheck;

namespace Chaos.Proxy.Tests.Faults;

public sealed class DecisionTests
{
    private static readonly StreamKey Key = StreamKey.For(5, "fault", 1, Direction.Upstream);

    [Fact]
    public void A_decision_is_the_same_in_whatever_order_items_are_decided() =>
        Gen.Select(Gen.Long, Gen.Int[1, 1000], Gen.Double[0, 0.95], Gen.Int[10, 60]).Sample((seed, connection, correlation, count) =>
        {
            var key = StreamKey.For(seed, "f", connection, Direction.Downstream);
            ItemFault[] faults =
            [
                new LatencyFault(new Delay(20, 10, "normal", correlation, null)),
                new LossFault(new IndependentLoss(0.3, correlation), 50, 200, 1000, 0.5),
                new LossFault(new GilbertElliottLoss(0.1, correlation + 0.01, 0.9, 0.05), 50, 200, 1000, 1),
            ];
            return faults.All(fault =>
            {
                var forward = Enumerable.Range(0, count).Select(i => fault.Decide(key, i)).ToArray();
                var backward = Enumerable.Range(0, count).Reverse().Select(i => fault.Decide(key, i)).Reverse().ToArray();
                return forward.SequenceEqual(backward);
            });
        }, iter: 200);

    [Fact]
    public void Gilbert_Elliott_without_memory_equals_a_walk_from_the_start() =>
        Gen.Select(Gen.Double[0.01, 0.99], Gen.Double[0.01, 0.99], Gen.Long).Sample((p, r, seed) =>
        {
            var key = StreamKey.For(seed, "ge", 1, Direction.Upstream);
            var process = new GilbertElliottLoss(p, r, 1, 0);
            var bad = process.IsBad(key, 0);
            for (var i = 1; i < 100; i++)
            {
                var unit = key.At(i).NextUnit();
                bad = bad ? unit < 1 - r : unit < p;
                if (bad != process.IsBad(key, i)) return false;
            }
            return true;
        }, iter: 100);

    [Fact]
    public void Correlation_keeps_the_loss_rate_and_makes_runs()
    {
        const int Count = 50_000;
        var lost = Enumerable.Range(0, Count).Select(i => new IndependentLoss(0.2, 0.6).IsLost(Key, i)).ToArray();
        var rate = lost.Count(x => x) / (double)Count;
        Assert.InRange(rate, 0.18, 0.22);
        var repeats = Enumerable.Range(1, Count - 1).Count(i => lost[i] && lost[i - 1]) / (double)lost.Count(x => x);
        // P(lost | lost before) = c + (1-c)p.
        Assert.InRange(repeats, 0.68 - 0.04, 0.68 + 0.04);
    }

    [Fact]
    public void Rolls_hit_the_share_and_a_higher_toxicity_only_adds()
    {
        var rolls = Enumerable.Range(1, 10_000).Select(i => StreamKey.Roll(1, "f", i)).ToArray();
        Assert.InRange(rolls.Count(roll => roll < 0.3), 2850, 3150);
        Assert.NotEqual(rolls.Take(20), Enumerable.Range(1, 20).Select(i => StreamKey.Roll(2, "f", i)));
        Assert.NotEqual(rolls.Take(20), Enumerable.Range(1, 20).Select(i => StreamKey.Roll(1, "g", i)));
    }
}
