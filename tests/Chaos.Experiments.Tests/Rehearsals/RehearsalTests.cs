using Chaos.Experiments.Definitions;
using Chaos.Experiments.Rehearsals;
using Chaos.Journal.Events;
using Xunit;

namespace Chaos.Experiments.Tests.Rehearsals;

/// <summary>The state machine of a rehearsal, with times that the test says.</summary>
public sealed class RehearsalTests
{
    [Fact]
    public void A_rehearsal_is_timed_from_the_fault_to_stability()
    {
        var rig = new Rig("store-slow");
        rig.Well(to: 5);
        rig.At(5).Begin();
        rig.Well(to: 7);
        rig.Ill(to: 9);
        rig.At(9.2).Say(new RehearsalCommand.Diagnose("store-slow")).At(9.5).Say(new RehearsalCommand.Act());
        rig.At(10).Acted(0, helped: true);
        rig.Ill(to: 11);
        rig.Well(to: 30);

        Assert.Equal([("began", 0.0), ("detected", 3000), ("diagnosed", 4200), ("mitigated", 5000), ("stable", 6500)], rig.Moments);
        Assert.Equal("stable", rig.Ended?.Reason);
        Assert.True(rig.Rehearsal.IsOver);
        // Stable for ten seconds, and nothing is recorded after that.
        Assert.Equal(21.5, rig.EndedAt);
    }

    [Fact]
    public void One_reading_beyond_a_budget_is_no_alarm()
    {
        var rig = new Rig("store-slow");
        rig.At(1).Begin();
        rig.Well(to: 3);
        rig.Ill(to: 3.5);
        rig.Well(to: 6);
        Assert.False(rig.Rehearsal.Detected);
        rig.Ill(to: 7);
        Assert.True(rig.Rehearsal.Detected);
    }

    [Fact]
    public void Trouble_before_the_fault_is_not_the_faults()
    {
        var rig = new Rig("store-slow");
        rig.Ill(to: 5);
        Assert.False(rig.Rehearsal.Detected);
        Assert.Empty(rig.Moments);
    }

    [Fact]
    public void Stability_begins_anew_with_every_relapse()
    {
        var rig = new Rig("store-slow");
        rig.At(0).Begin();
        rig.Ill(to: 2);
        rig.Well(to: 11);
        rig.Ill(to: 11.5);
        rig.Well(to: 21);
        Assert.Null(rig.Ended);
        rig.Well(to: 22);
        Assert.Equal(("stable", 12_000.0), rig.Moments[^1]);
    }

    [Fact]
    public void A_fault_that_breaks_no_budget_is_told_as_undetected()
    {
        var rig = new Rig("store-slow");
        rig.At(0).Begin();
        rig.Well(to: 60);
        rig.At(60).Pass();
        rig.Well(to: 80);
        Assert.Equal(("undetected", 70.0), (rig.Ended!.Reason, rig.EndedAt));
    }

    [Fact]
    public void What_never_becomes_stable_is_broken_off()
    {
        var rig = new Rig("store-slow");
        rig.At(0).Begin();
        rig.Ill(to: 400);
        Assert.Equal(("expired", 300.0), (rig.Ended!.Reason, rig.EndedAt));
    }

    [Fact]
    public void Halt_ends_it_at_any_moment()
    {
        var rig = new Rig("store-slow");
        rig.Well(to: 1);
        var effects = rig.At(1).Say(new RehearsalCommand.Halt()).Effects;
        Assert.Equal("halted", Assert.IsType<RehearsalEffect.Finish>(effects[^1]).Reason);
        Assert.Empty(rig.At(2).Say(new RehearsalCommand.Act()).Effects);
    }

    [Fact]
    public void A_wrong_diagnosis_is_recorded_as_wrong_and_the_person_is_not_told()
    {
        var rig = new Rig("hot-channel");
        rig.At(0).Begin();
        var wrong = rig.At(3).Say(new RehearsalCommand.Diagnose("store-slow"));
        Assert.Equal((false, "store-slow"), (rig.Entries[^1].Right, rig.Entries[^1].Cause));
        Assert.DoesNotContain(rig.Moments, m => m.Moment == "diagnosed");
        var told = wrong.Effects.OfType<RehearsalEffect.Show>().Single().Text;
        var right = rig.At(4).Say(new RehearsalCommand.Diagnose("hot-channel"));
        Assert.Equal(told.Replace("The store answers late.", "", StringComparison.Ordinal), right.Effects.OfType<RehearsalEffect.Show>().Single().Text.Replace("One client floods one channel.", "", StringComparison.Ordinal));
        Assert.Contains(("diagnosed", 4000.0), rig.Moments);
    }

    [Fact]
    public void An_action_is_carried_out_once_until_it_is_undone()
    {
        var rig = new Rig("store-slow");
        rig.At(0).Begin();
        Assert.Contains(new RehearsalEffect.Do(0, Undo: false), rig.At(1).Say(new RehearsalCommand.Act()).Effects);
        rig.At(1.5).Acted(0, helped: false);
        Assert.DoesNotContain(rig.At(2).Say(new RehearsalCommand.Act()).Effects, e => e is RehearsalEffect.Do);
        Assert.Contains(new RehearsalEffect.Do(0, Undo: true), rig.At(3).Say(new RehearsalCommand.Undo()).Effects);
        rig.At(3.5).Acted(0, helped: false, undone: true);
        Assert.DoesNotContain(rig.At(4).Say(new RehearsalCommand.Undo()).Effects, e => e is RehearsalEffect.Do);
        Assert.Contains(new RehearsalEffect.Do(0, Undo: false), rig.At(5).Say(new RehearsalCommand.Act()).Effects);
        Assert.DoesNotContain(rig.Moments, m => m.Moment == "mitigated");
    }

    [Fact]
    public void Steps_are_gone_through_in_both_directions_and_not_beyond_their_ends()
    {
        var rig = new Rig("store-slow");
        rig.At(0).Say(new RehearsalCommand.Back());
        Assert.Equal(0, rig.Rehearsal.Step);
        for (var i = 0; i < 9; i++) rig.At(i).Say(new RehearsalCommand.Next());
        Assert.Equal(2, rig.Rehearsal.Step);
        rig.At(9).Say(new RehearsalCommand.Back());
        Assert.Equal(1, rig.Rehearsal.Step);
        rig.At(9).Say(new RehearsalCommand.GoTo(7));
        Assert.Equal(1, rig.Rehearsal.Step);
        Assert.Equal(["channels", "changes", "channels"], rig.Entries.Where(e => e.What == "step").Select(e => e.Step));
    }

    [Theory]
    [InlineData("next", typeof(RehearsalCommand.Next))]
    [InlineData("  LOOK ", typeof(RehearsalCommand.Look))]
    [InlineData("note the store is slow", typeof(RehearsalCommand.Note))]
    [InlineData("diagnose store-slow", typeof(RehearsalCommand.Diagnose))]
    [InlineData("step 2", typeof(RehearsalCommand.GoTo))]
    [InlineData("", typeof(RehearsalCommand.Status))]
    [InlineData("note", null)]
    [InlineData("diagnose", null)]
    [InlineData("act now", null)]
    [InlineData("explode", null)]
    public void Lines_are_read_or_refused(string line, Type? expected)
    {
        var (command, error) = RehearsalCommand.Parse(line);
        Assert.Equal(expected, command?.GetType());
        Assert.Equal(expected is null, error is not null);
    }

    /// <summary>A rehearsal, with what it recorded.</summary>
    private sealed class Rig(string cause)
    {
        private static readonly RunbookDefinition Runbook = RunbookFolder.Definition;

        private static readonly Vitals Good = new(10, 20, 30, 1, 0, 1);
        private static readonly Vitals Bad = new(300, 400, 500, 1, 0, 1);

        private readonly List<JournalEvent> _events = [];
        private double _now;
        private double _read;

        public Rehearsal Rehearsal { get; } = new(Runbook, Runbook.Causes.First(c => c.Name == cause));

        public IReadOnlyList<RehearsalEffect> Effects { get; private set; } = [];

        public IReadOnlyList<(string Moment, double AfterMs)> Moments => [.. _events.OfType<RehearsalMoment>().Select(m => (m.Moment, m.AfterMs))];

        public IReadOnlyList<RehearsalEntry> Entries => [.. _events.OfType<RehearsalEntry>()];

        public RehearsalEnded? Ended => _events.OfType<RehearsalEnded>().SingleOrDefault();

        public double EndedAt => Ended!.At / 1e6;

        public Rig At(double seconds)
        {
            _now = seconds;
            return this;
        }

        public Rig Begin() => Hear(new RehearsalInput.Began(Us(_now)));

        public Rig Pass() => Hear(new RehearsalInput.PassedBy(Us(_now)));

        public Rig Say(RehearsalCommand command) => Hear(new RehearsalInput.Said(Us(_now), command));

        public Rig Acted(int step, bool helped, bool undone = false) => Hear(new RehearsalInput.Acted(Us(_now), step, undone, true, helped, "Done."));

        public void Well(double to) => Read(Good, to);

        public void Ill(double to) => Read(Bad, to);

        private void Read(Vitals vitals, double to)
        {
            for (; _read < to; _read += 0.5) Hear(new RehearsalInput.Read(Us(_read + 0.5), vitals));
        }

        private Rig Hear(RehearsalInput input)
        {
            Effects = Rehearsal.Handle(input);
            _events.AddRange(Effects.OfType<RehearsalEffect.Record>().Select(r => r.Entry));
            return this;
        }

        private static long Us(double seconds) => (long)Math.Round(seconds * 1e6);
    }
}
