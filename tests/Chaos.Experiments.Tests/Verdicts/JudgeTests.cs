using Chaos.Experiments.Checks;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Files;
using Chaos.Experiments.Tests.Checks;
using Chaos.Experiments.Verdicts;
using Chaos.Journal.Events;
using Chaos.Journal.IO;
using Chaos.Journal.Verdicts;
using Xunit;

namespace Chaos.Experiments.Tests.Verdicts;

public sealed class JudgeTests
{
    private static readonly ExpectationDefinition Connected = new("up", "connected", "recovery", []);

    [Fact]
    public void A_run_that_holds_is_passed_and_names_the_number()
    {
        var verdict = Judged(Good());
        Assert.Equal(Outcome.Passed, verdict.Outcome);
        Assert.Equal("Passed: 10 of 10 clients are connected at the end.", verdict.Sentence);
        Assert.Equal(17, verdict.Seconds);
        Assert.Equal(1, verdict.FaultHits["cut"]);
    }

    [Fact]
    public void A_broken_expectation_deviates()
    {
        var verdict = Judged(Good().Add(10_500, Lost()));
        Assert.Equal(Outcome.Deviated, verdict.Outcome);
        Assert.StartsWith("Deviated: up: 9 of 10 clients are connected at the end", verdict.Sentence, StringComparison.Ordinal);
        Assert.True(Judge.Kills(verdict, "up"));
        Assert.False(Judge.Kills(verdict, "other"));
    }

    [Theory]
    [InlineData(0.6, 0.1, Outcome.Inconclusive)]
    [InlineData(0.6, 0.3, Outcome.Deviated)]
    [InlineData(0.2, 0.0, Outcome.Deviated)]
    public void What_is_too_slow_while_others_take_the_machine_is_inconclusive(double others, double idle, Outcome outcome)
    {
        var verdict = Judged(Sampled(Good().Add(10_500, Lost()), others, idle));
        Assert.Equal(outcome, verdict.Outcome);
        Assert.True(Judge.Kills(verdict, "up"));
        if (outcome == Outcome.Inconclusive)
            Assert.StartsWith("Inconclusive: other programs took 60 % of the processors, and 10 % was idle, while up was broken (9 of 10 clients", verdict.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void What_holds_holds_on_a_busy_machine_too() => Assert.Equal(Outcome.Passed, Judged(Sampled(Good(), 0.9, 0)).Outcome);

    [Fact]
    public void A_busy_machine_excuses_nothing_that_does_not_depend_on_time()
    {
        var builder = Sampled(Good().Add(10_500, Lost()), 0.9, 0).Subscribe("c-0002", -400).Deliver("c-0002", "p", (1, 1_000, 5), (1, 1_000, 9));
        var verdict = Judged(builder, expectations: [Connected, new ExpectationDefinition("gapless", "gapless", "run", [])]);
        Assert.Contains(verdict.Expectations, e => e is { Id: "gapless", Outcome: ExpectationOutcome.Broken });
        Assert.Equal(Outcome.Deviated, verdict.Outcome);
    }

    [Fact]
    public async Task What_was_run_again_is_judged_by_its_last_run_and_says_so()
    {
        var path = Path.GetTempFileName();
        try
        {
            var again = Journal(Good(), [Connected], []);
            again[0] = (ExperimentStarted)again[0] with { Again = "beside others it was deviated" };
            var other = Journal(Good().Add(10_500, Lost()), [Connected], []).Select(e => e with { X = "other" });
            await using (var writer = new JournalWriter(path))
            {
                foreach (var e in (IEnumerable<JournalEvent>)[Run(), .. Journal(Good().Add(10_500, Lost()), [Connected], []), .. other, .. again]) writer.Write(e);
            }

            var verdict = Judge.Run(JournalReader.Read(path));

            Assert.Equal([Outcome.Deviated, Outcome.Passed], verdict.Experiments.Select(e => e.Outcome));
            Assert.Equal("Passed: 10 of 10 clients are connected at the end. It was run again, alone: beside others it was deviated.", verdict.Experiments[1].Sentence);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_steady_state_that_does_not_come_back_deviates()
    {
        var verdict = Judged(Good().Add(10_500, Lost()), expectations: [Connected with { During = "baseline" }], steady: [Connected]);
        Assert.Equal(Outcome.Deviated, verdict.Outcome);
        Assert.StartsWith("Deviated: up after the faults", verdict.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_steady_state_that_did_not_hold_before_is_baseline_not_met()
    {
        var verdict = Judged(Good().Add(1_000, Lost()), steady: [Connected]);
        Assert.Equal(Outcome.BaselineNotMet, verdict.Outcome);
        Assert.Equal(Outcome.BaselineNotMet, Judged(Good(), end: new ExperimentEnded(EndReason.BaselineNotMet, "up: 9 of 10")).Outcome);
    }

    [Fact]
    public void A_fault_that_hit_no_traffic_is_inconclusive_and_named()
    {
        var builder = Good().Fault("slow", "latency", 4_000, 9_000);
        var verdict = Judged(builder);
        Assert.Equal(Outcome.Inconclusive, verdict.Outcome);
        Assert.Equal("Inconclusive: slow hit no traffic, so nothing is shown about it.", verdict.Sentence);
        Assert.Equal(0, verdict.FaultHits["slow"]);
    }

    [Fact]
    public void A_fault_that_never_came_is_inconclusive() =>
        Assert.Equal(Outcome.Inconclusive, Judged(Good().With(new FaultDefinition { Name = "later", Link = JournalBuilder.Link, Type = "down", For = TimeSpan.FromSeconds(1) })).Outcome);

    [Fact]
    public void One_hit_of_any_occurrence_is_enough_and_a_similar_name_is_not()
    {
        var builder = Good().Fault("cuts", "reset_peer", 4_000, 9_000);
        builder.Close("c-0002", builder.Open("c-0002", 100), 5_000, "fault", "cuts#7");
        Assert.Equal(1, Judged(builder).FaultHits["cuts"]);
        Assert.Equal(1, Judged(builder).FaultHits["cut"]);
    }

    [Fact]
    public void Refused_handshakes_count_for_the_fault_that_refuses()
    {
        var builder = Good().Fault("refuse", "ws_handshake", 4_000, 9_000);
        builder.Open("c-0002", 5_000, 503, "fault");
        Assert.Equal(1, Judged(builder).FaultHits["refuse"]);
    }

    [Fact]
    public void A_part_that_ended_by_itself_is_inconclusive() =>
        Assert.Equal(Outcome.Inconclusive, Judged(Good().Add(5_000, new PartEnded("eu.gateway-1", "gateway", 139, false))).Outcome);

    [Fact]
    public void Too_little_data_is_inconclusive_also_beside_a_deviation()
    {
        var expectations = new[] { Connected, new ExpectationDefinition("nothing-lost", "loss", "run", []) };
        var verdict = Judged(Good().Add(10_500, Lost()), expectations);
        Assert.Equal(Outcome.Inconclusive, verdict.Outcome);
        Assert.True(Judge.Kills(verdict, "up"));
    }

    [Fact]
    public void An_experiment_without_expectations_shows_nothing() => Assert.Equal(Outcome.Inconclusive, Judged(Good(), expectations: []).Outcome);

    [Fact]
    public void A_check_that_throws_is_a_probe_error()
    {
        var verdict = Judged(Good(), [Connected, new ExpectationDefinition("s", "script", "run", [])]);
        Assert.Equal(Outcome.ProbeError, verdict.Outcome);
        Assert.Equal("Probe error: s: the check failed: The experiment has no script.", verdict.Sentence);
        Assert.Equal(Outcome.ProbeError, Judged(Good(), [new ExpectationDefinition("s", "no-such-check", "run", [])]).Outcome);
    }

    [Fact]
    public void A_stop_condition_aborts()
    {
        var verdict = Judged(Good().Add(5_000, new StopConditionMet("too-many-gone", 0.9, 0.5)), end: new ExperimentEnded(EndReason.Aborted, "too-many-gone"));
        Assert.Equal(Outcome.Aborted, verdict.Outcome);
        Assert.Equal("Aborted: too-many-gone reached 0.9, above its limit of 0.5.", verdict.Sentence);
    }

    [Fact]
    public void A_journal_without_the_end_of_the_experiment_is_interrupted()
    {
        Assert.Equal(Outcome.Interrupted, Judged(Good(), killed: true).Outcome);
        Assert.Equal(Outcome.Interrupted, Judged(Good(), end: new ExperimentEnded(EndReason.Interrupted, null)).Outcome);
    }

    [Fact]
    public void A_failure_of_the_harness_is_an_error_whatever_else_there_is()
    {
        var builder = Good().Add(5_000, new HarnessFailed("lease", "gone")).Add(6_000, new StopConditionMet("x", 1, 0));
        var verdict = Judged(builder, end: new ExperimentEnded(EndReason.Aborted, "x"));
        Assert.Equal(Outcome.Error, verdict.Outcome);
        Assert.Equal("Error: the harness failed in lease: gone.", verdict.Sentence);
    }

    [Fact]
    public void A_definition_that_cannot_be_read_is_an_error()
    {
        var started = Started([Connected], []) with { Definition = System.Text.Json.JsonDocument.Parse("[]").RootElement };
        Assert.Equal(Outcome.Error, Judge.Experiment([started]).Outcome);
    }

    [Fact]
    public void A_run_is_as_bad_as_its_worst_experiment_and_keeps_repetitions_apart()
    {
        var good = Journal(Good(), [Connected], []);
        var bad = Journal(Good().Add(10_500, Lost()), [Connected], []);
        var run = Judge.Run(new JournalContent([Run(), .. good, .. bad, new ExperimentSkipped("Other", "no Node") { X = "y" }], ["line 9: torn"], false));
        Assert.Equal(Outcome.Deviated, run.Outcome);
        Assert.Equal([Outcome.Passed, Outcome.Deviated], run.Experiments.Select(e => e.Outcome));
        Assert.Equal("no Node", Assert.Single(run.Skipped).Reason);
        Assert.Equal(["line 9: torn"], run.JournalProblems);
    }

    [Fact]
    public void A_run_of_nothing_is_inconclusive_and_a_killed_one_interrupted()
    {
        Assert.Equal(Outcome.Inconclusive, Judge.Run(new JournalContent([Run()], [], false)).Outcome);
        var content = new JournalContent([Run(), .. Journal(Good(), [Connected], [])], [], true);
        Assert.Equal(Outcome.Passed, Judge.Run(content).Outcome);
        Assert.Equal(Outcome.Interrupted, Judge.Run(content, mustHaveEnded: true).Outcome);
    }

    [Fact]
    public void A_run_that_was_interrupted_between_two_experiments_is_not_passed()
    {
        JournalEvent[] passed = [Run(), .. Journal(Good(), [Connected], [])];
        Assert.Equal(Outcome.Interrupted, Judge.Run(new JournalContent([.. passed, new RunEnded("interrupted", 130)], [], false)).Outcome);
        Assert.Equal(Outcome.Passed, Judge.Run(new JournalContent([.. passed, new RunEnded("passed", 0)], [], false)).Outcome);
    }

    [Fact]
    public void The_steady_state_is_judged_while_the_run_goes_on()
    {
        var builder = Good();
        var definition = builder.Definition with { SteadyState = [Connected] };
        var window = new Window(JournalBuilder.Us(0), JournalBuilder.Us(3_000));
        Assert.Null(Judge.UnmetSteadyState(definition, builder.Events, window));
        Assert.Equal("up: 9 of 10 clients are connected at the end", Judge.UnmetSteadyState(definition, builder.Add(1_000, Lost()).Events, window));
    }

    [Theory]
    [InlineData(Outcome.Passed, 0, "passed")]
    [InlineData(Outcome.Deviated, 1, "deviated")]
    [InlineData(Outcome.Inconclusive, 2, "inconclusive")]
    [InlineData(Outcome.BaselineNotMet, 3, "baseline-not-met")]
    [InlineData(Outcome.Aborted, 4, "aborted")]
    [InlineData(Outcome.ProbeError, 5, "probe-error")]
    [InlineData(Outcome.Error, 70, "error")]
    [InlineData(Outcome.Interrupted, 130, "interrupted")]
    public void Outcomes_have_their_exit_codes_and_names(Outcome outcome, int code, string name)
    {
        Assert.Equal(code, ExitCodes.Of(outcome));
        Assert.Equal(name, ExitCodes.NameOf(outcome));
    }

    private static JournalBuilder Sampled(JournalBuilder builder, double others, double idle)
    {
        for (var ms = 0; ms < 16_000; ms += 500) builder.Add(ms, new MachineSampled(0.1, others, idle));
        return builder;
    }

    private static ClientDisconnected Lost() => new("c-0001", "transport", null, null, false);

    private static RunStarted Run() => new(1, "run", 1, "chaos run", "1", 2, "Linux") { At = JournalBuilder.OriginUs };

    private static JournalBuilder Good()
    {
        var builder = new JournalBuilder().Phased().Fault("cut", "reset_peer", 4_000, 5_000);
        for (var i = 1; i <= 10; i++) builder.Add(-500, new ClientConnected($"c-{i:0000}", null, false, null));
        return builder.Close("c-0003", builder.Open("c-0003", -500), 4_500, "fault", "cut");
    }

    private static ExperimentStarted Started(IReadOnlyList<ExpectationDefinition> expectations, IReadOnlyList<ExpectationDefinition> steady, ExperimentDefinition? definition = null) =>
        new("It holds", "a line", 1, null, DefinitionJson.ToJson((definition ?? new JournalBuilder().Definition) with { Expectations = expectations, SteadyState = steady }))
        {
            At = JournalBuilder.Us(-1_000), X = "x",
        };

    private static List<JournalEvent> Journal(JournalBuilder builder, IReadOnlyList<ExpectationDefinition> expectations, IReadOnlyList<ExpectationDefinition> steady,
        ExperimentEnded? end = null, bool killed = false)
    {
        List<JournalEvent> events = [Started(expectations, steady, builder.Definition), .. builder.Events];
        if (!killed) events.Add((end ?? new ExperimentEnded(EndReason.Completed, null)) with { At = JournalBuilder.Us(16_000), X = "x" });
        return events;
    }

    private static ExperimentVerdict Judged(JournalBuilder builder, IReadOnlyList<ExpectationDefinition>? expectations = null,
        IReadOnlyList<ExpectationDefinition>? steady = null, ExperimentEnded? end = null, bool killed = false) =>
        Judge.Experiment(Journal(builder, expectations ?? [Connected], steady ?? [], end, killed));
}
