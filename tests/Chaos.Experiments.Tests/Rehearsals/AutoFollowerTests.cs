using Chaos.Experiments.Definitions;
using Chaos.Experiments.Rehearsals;
using Chaos.Journal.Events;
using Xunit;

namespace Chaos.Experiments.Tests.Rehearsals;

/// <summary>The harness as the one who follows the runbook, in a world that exists in numbers only.</summary>
public sealed class AutoFollowerTests
{
    [Theory]
    [InlineData("store-slow", 1)]
    [InlineData("hot-channel", 2)]
    [InlineData("bad-release", 3)]
    public void The_first_step_that_finds_something_names_the_cause_and_acts(string cause, int asked)
    {
        var world = new NumbersWorld(RunbookFolder.Definition, cause);
        world.Run();
        Assert.Equal((cause, true), (world.Diagnoses[0].Cause, world.Diagnoses[0].Right));
        Assert.Equal(asked, world.Entries.Count(e => e.What == "finding"));
        Assert.Single(world.Entries, e => e.What == "action");
        Assert.Equal("stable", world.Reason);
    }

    [Fact]
    public void It_goes_round_again_until_a_symptom_has_grown()
    {
        var world = new NumbersWorld(RunbookFolder.Definition, "hot-channel") { ShowsAfterSeconds = 9 };
        world.Run();
        Assert.Equal("hot-channel", world.Diagnoses[0].Cause);
        Assert.True(world.Entries.Count(e => e.What == "finding") > 3);
    }

    [Fact]
    public void A_runbook_with_a_wrong_probe_names_a_wrong_cause_undoes_what_did_not_help_and_goes_on()
    {
        var runbook = RunbookFolder.Definition;
        // Whoever wrote this one took the side of the limit for the other.
        var wrong = runbook with { Steps = [runbook.Steps[0] with { Probe = runbook.Steps[0].Probe! with { IsAbove = false } }, .. runbook.Steps.Skip(1)] };
        var world = new NumbersWorld(wrong, "bad-release");
        world.Run();
        Assert.Equal(("store-slow", false), (world.Diagnoses[0].Cause, world.Diagnoses[0].Right));
        var undone = Assert.Single(world.Entries, e => e.What == "undo");
        Assert.Equal("upstream", undone.Step);
        // Not before its patience is over, and not much later.
        Assert.InRange((undone.At - world.Entries.First(e => e.What == "action").At) / 1e6, 20, 21);
        Assert.Equal("bad-release", world.Diagnoses[^1].Cause);
        Assert.Equal("stable", world.Reason);
    }

    [Fact]
    public void An_action_that_cannot_be_carried_out_does_not_stop_it()
    {
        var world = new NumbersWorld(RunbookFolder.Definition, "store-slow") { Refuses = true };
        world.Run();
        Assert.Equal("expired", world.Reason);
        Assert.True(world.Entries.Count(e => e.What == "action") > 3);
    }

    [Fact]
    public void Without_an_alarm_it_does_nothing()
    {
        var world = new NumbersWorld(RunbookFolder.Definition, "store-slow") { IsHarmless = true };
        world.Run();
        Assert.Empty(world.Entries);
        Assert.Equal("undetected", world.Reason);
    }

    /// <summary>A world in which each cause moves one indicator, and each action helps against one cause.</summary>
    private sealed class NumbersWorld(RunbookDefinition runbook, string cause)
    {
        private readonly Rehearsal _rehearsal = new(runbook, runbook.Causes.First(c => c.Name == cause));
        private readonly AutoFollower _follower = new(runbook);
        private readonly List<JournalEvent> _events = [];
        private bool _mitigated;

        public double ShowsAfterSeconds { get; init; }

        public bool Refuses { get; init; }

        public bool IsHarmless { get; init; }

        public IReadOnlyList<RehearsalEntry> Entries => [.. _events.OfType<RehearsalEntry>()];

        public IReadOnlyList<RehearsalEntry> Diagnoses => [.. Entries.Where(e => e.What == "diagnosis")];

        public string? Reason => _events.OfType<RehearsalEnded>().SingleOrDefault()?.Reason;

        public void Run()
        {
            Handle(new RehearsalInput.Began(0));
            for (var us = 500_000L; !_rehearsal.IsOver; us += 500_000)
            {
                if (us == 60_000_000) Handle(new RehearsalInput.PassedBy(us));
                Handle(new RehearsalInput.Read(us, IsHarmless || _mitigated || us < 2_000_000 ? new Vitals(10, 20, 30, 1, 0, 1) : new Vitals(300, 400, 500, 1, 0, 1)));
            }
        }

        private void Handle(RehearsalInput input)
        {
            var effects = _rehearsal.Handle(input);
            _events.AddRange(effects.OfType<RehearsalEffect.Record>().Select(r => r.Entry));
            foreach (var effect in effects)
            {
                if (effect is RehearsalEffect.Ask ask) Handle(new RehearsalInput.Answered(input.AtUs, ask.Step, Answer(runbook.Steps[ask.Step].Probe!, input.AtUs)));
                if (effect is RehearsalEffect.Do act) Handle(Act(act, input.AtUs));
            }

            foreach (var command in _follower.Hear(input, _rehearsal)) Handle(new RehearsalInput.Said(input.AtUs, command));
        }

        private ProbeAnswer Answer(ProbeDefinition probe, long us)
        {
            var value = us >= ShowsAfterSeconds * 1e6 && probe.Indicator == (cause switch { "store-slow" => "dependency_p50_ms", "hot-channel" => "publishes_per_s", _ => "errors_per_s" }) ? probe.Limit * 2 : probe.Limit / 2;
            return new ProbeAnswer(value, "", 8, probe.IsAbove ? value > probe.Limit : value < probe.Limit);
        }

        private RehearsalInput.Acted Act(RehearsalEffect.Do act, long us)
        {
            var helps = !Refuses && !act.Undo && runbook.Steps[act.Step].Action switch { RerouteAction => cause == "store-slow", LimitAction => cause == "hot-channel", _ => cause == "bad-release" };
            _mitigated |= helps;
            return new RehearsalInput.Acted(us, act.Step, act.Undo, !Refuses, helps, "Done.");
        }
    }
}
