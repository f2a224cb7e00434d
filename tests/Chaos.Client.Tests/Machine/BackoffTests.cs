using Chaos.Client.Policies;
using Xunit;

namespace Chaos.Client.Tests.Machine;

public sealed class BackoffTests
{
    private static readonly ClientPolicy Policy = new() { BaseMs = 100, Factor = 2, CapMs = 3_000 };

    [Fact]
    public void Ten_thousand_draws_of_every_attempt_are_uniform_up_to_their_bound()
    {
        const int Clients = 10_000;
        const int Attempts = 9;
        const long Seed = 20_240_917;
        TestContext.Current.SendDiagnosticMessage($"seed {Seed}");
        var draws = Enumerable.Range(0, Attempts).Select(_ => new double[Clients]).ToArray();
        for (var client = 0; client < Clients; client++)
        {
            var rig = new Rig(policy: Policy, name: $"c-{client}", seed: Seed);
            Refuse(rig, Attempts);
            for (var k = 0; k < Attempts; k++)
            {
                Assert.Equal(k + 1, rig.Attempts[k + 1].Attempt);
                draws[k][client] = rig.Attempts[k + 1].DelayMs / Policy.UpperBoundMs(k + 1);
            }
        }

        // Critical value of the one-sample Kolmogorov-Smirnov test at alpha .001, shared among the attempts (Bonferroni).
        var critical = Math.Sqrt(-0.5 * Math.Log(0.001 / Attempts / 2)) / Math.Sqrt(Clients);
        for (var k = 0; k < Attempts; k++)
            Assert.True(Statistics.KolmogorovSmirnov(draws[k]) < critical, $"attempt {k + 1}: D = {Statistics.KolmogorovSmirnov(draws[k])}, critical {critical}");
    }

    [Fact]
    public void A_real_gap_is_the_delay_that_was_told()
    {
        var rig = new Rig(policy: Policy);
        rig.Do(m => m.Start(rig.Now));
        for (var k = 0; k < 20; k++)
        {
            rig.Pass(7);
            rig.End("refused");
            var lost = rig.Now;
            rig.UntilDial();
            Assert.Equal(rig.Attempts[^1].DelayMs, (rig.Attempts[^1].At - lost).TotalMilliseconds, 0.001);
            Assert.InRange(rig.Attempts[^1].DelayMs, 0, Policy.CapMs);
        }
    }

    [Fact]
    public void Bounds_grow_by_the_factor_up_to_the_cap()
    {
        Assert.Equal([100, 200, 400, 800, 1_600, 3_000, 3_000], Enumerable.Range(0, 7).Select(Policy.UpperBoundMs));
        Assert.Equal(3_000, Policy.UpperBoundMs(100_000));
    }

    [Fact]
    public void A_stable_connection_counts_attempts_from_0_again()
    {
        var rig = new Rig(policy: Policy);
        Refuse(rig, 5);
        rig.Connect();
        rig.Pass(Policy.StableMs);
        rig.End();
        rig.UntilDial();
        Assert.Equal(0, rig.Attempts[^1].Attempt);
        Assert.InRange(rig.Attempts[^1].DelayMs, 0, 100);
    }

    [Fact]
    public void A_connect_reply_alone_does_not()
    {
        var rig = new Rig(policy: Policy);
        Refuse(rig, 5);
        rig.Connect();
        rig.Pass(Policy.StableMs - 1);
        rig.End();
        rig.UntilDial();
        Assert.Equal(6, rig.Attempts[^1].Attempt);
    }

    [Fact]
    public void Nor_does_an_open_socket_however_long_it_lives()
    {
        var rig = new Rig(policy: Policy with { StableMs = 10 });
        Refuse(rig, 3);
        rig.Open();
        rig.Pass(4_000);
        rig.End();
        rig.UntilDial();
        Assert.Equal(4, rig.Attempts[^1].Attempt);
    }

    [Fact]
    public void Draws_depend_on_seed_and_name_alone()
    {
        static double[] Delays(long seed, string name, bool publishes)
        {
            var rig = new Rig(policy: Policy, seed: seed, name: name);
            if (publishes)
            {
                // Other delays draw from a stream of their own.
                rig.Connect(ttl: 10);
                rig.Publish("m");
                rig.Fail(rig.LastId("publish"), 111);
                rig.End();
                rig.UntilDial();
                Refuse(rig, 3);
                return [.. rig.Attempts.Skip(1).Take(4).Select(a => a.DelayMs)];
            }

            Refuse(rig, 4);
            return [.. rig.Attempts.Skip(1).Select(a => a.DelayMs)];
        }

        Assert.Equal(Delays(1, "a", false), Delays(1, "a", false));
        Assert.Equal(Delays(1, "a", false), Delays(1, "a", true));
        Assert.NotEqual(Delays(1, "a", false), Delays(2, "a", false));
        Assert.NotEqual(Delays(1, "a", false), Delays(1, "b", false));
    }

    internal static void Refuse(Rig rig, int times)
    {
        rig.Do(m => m.Start(rig.Now));
        for (var i = 0; i < times; i++)
        {
            rig.End("refused");
            rig.UntilDial();
        }
    }
}
