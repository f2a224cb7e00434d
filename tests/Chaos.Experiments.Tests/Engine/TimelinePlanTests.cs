using Chaos.Experiments.Definitions;
using Chaos.Experiments.Engine.Timelines;
using CsCheck;
using Xunit;

namespace Chaos.Experiments.Tests.Engine;

public sealed class TimelinePlanTests
{
    [Fact]
    public void A_fault_that_does_not_repeat_goes_on_and_off_once_under_its_own_name()
    {
        var plan = TimelinePlan.Of(Timeline(Fault("slow", atMs: 500, forMs: 2000)), seed: 1);

        Assert.Equal([(500.0, true, "slow"), (2500.0, false, "slow")], plan.Steps.Select(s => (s.At.TotalMilliseconds, s.On, s.ProxyName)));
        Assert.Equal(TimeSpan.FromMilliseconds(2500), plan.Length);
    }

    [Fact]
    public void Occurrences_of_a_repeating_fault_have_names_of_their_own()
    {
        var plan = TimelinePlan.Of(Timeline(Fault("cut", 0, 50, new RepeatDefinition(Ms(200), 3, TimeSpan.Zero))), seed: 1);

        Assert.Equal(["cut#0", "cut#1", "cut#2"], plan.Steps.Where(s => s.On).Select(s => s.ProxyName));
        Assert.Equal([0.0, 200, 400], plan.Steps.Where(s => s.On).Select(s => s.At.TotalMilliseconds));
    }

    [Fact]
    public void The_phase_lasts_as_long_as_the_file_asks_even_without_faults() =>
        Assert.Equal(Ms(6000), TimelinePlan.Of(new TimelineDefinition { FaultsAtLeast = Ms(6000) }, seed: 1).Length);

    [Fact]
    public void Where_one_fault_ends_as_another_begins_the_first_ends_before()
    {
        var plan = TimelinePlan.Of(Timeline(Fault("b", 1000, 1000), Fault("a", 0, 1000)), seed: 1);

        Assert.Equal(["+a", "-a", "+b", "-b"], plan.Steps.Select(s => (s.On ? "+" : "-") + s.Fault.Name));
    }

    [Fact]
    public void The_same_seed_gives_the_same_moments_and_another_fault_changes_none_of_them() =>
        Gen.Select(Gen.Long[0, long.MaxValue], Gen.Int[1, 30], Gen.Int[0, 200]).Sample((seed, count, jitterMs) =>
        {
            var cut = Fault("cut", 300, 50, new RepeatDefinition(Ms(250), count, Ms(jitterMs)));
            var alone = TimelinePlan.Of(Timeline(cut), seed).Steps;
            var beside = TimelinePlan.Of(Timeline(Fault("other", 10, 70, new RepeatDefinition(Ms(90), 5, Ms(40))), cut), seed).Steps.Where(s => s.Fault == cut);

            Assert.Equal(alone, beside);
            Assert.Equal(count * 2, alone.Count);
            Assert.All(alone.Where(s => s.On), s => Assert.InRange((s.At - Ms(300) - (Ms(250) * s.Occurrence)).TotalMilliseconds, -jitterMs - 0.001, jitterMs + 0.001));
        });

    private static TimeSpan Ms(double ms) => TimeSpan.FromMilliseconds(ms);

    private static TimelineDefinition Timeline(params FaultDefinition[] faults) => new() { Faults = faults };

    private static FaultDefinition Fault(string name, double atMs, double forMs, RepeatDefinition? repeat = null) =>
        new() { Name = name, Link = "eu.clients", Type = "reset_peer", At = Ms(atMs), For = Ms(forMs), Repeat = repeat };
}
