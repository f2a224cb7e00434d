using Chaos.Experiments.Definitions;
using Chaos.Experiments.Engine.Runs;
using Chaos.Experiments.Tests.Checks;
using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;
using Xunit;

namespace Chaos.Experiments.Tests.Engine;

/// <summary>What did not pass beside others is run again alone, where the machine had no processor to spare.</summary>
public sealed class CrowdingTests
{
    private static readonly MutantExpectation Mutant = new("client.no-delay", "spread");

    [Theory]
    [InlineData(Outcome.Deviated, 2, true)]
    [InlineData(Outcome.Inconclusive, 2, true)]
    [InlineData(Outcome.BaselineNotMet, 2, true)]
    [InlineData(Outcome.Error, 2, true)]
    [InlineData(Outcome.Passed, 2, false)]
    [InlineData(Outcome.ProbeError, 2, false)]
    [InlineData(Outcome.Aborted, 2, false)]
    [InlineData(Outcome.Deviated, 1, false)]
    public void Only_what_a_full_machine_may_have_broken_is_run_again(Outcome outcome, int full, bool again)
    {
        var why = WhyAgain(outcome, full);
        Assert.Equal(again, why is not null);
        if (outcome == Outcome.Deviated && again) Assert.Equal("beside others it was deviated, and for 1 s of it no processor was idle", why);
    }

    [Theory]
    [InlineData(0.1, true)]
    [InlineData(0.2, false)]
    public void So_many_are_too_many_where_the_machine_is_full_all_the_time(double idle, bool tooMany) =>
        Assert.Equal(tooMany, Crowding.IsTooMany(Journal(2, idle).Events));

    [Fact]
    public void The_start_of_a_world_does_not_count() => Assert.Null(WhyAgain(Outcome.Deviated, 1));

    [Fact]
    public void Without_readings_a_verdict_stands() =>
        Assert.Null(Crowding.WhyAgain(new PlannedRun(new JournalBuilder().Definition, null), Verdict(Outcome.Deviated, null, ExpectationOutcome.Broken), new JournalBuilder().Phased().Events));

    [Theory]
    [InlineData("spread", false)]
    [InlineData("another", true)]
    public void A_mutant_that_was_caught_by_its_own_expectation_is_not_run_again(string broken, bool again) =>
        Assert.Equal(again, WhyAgain(Outcome.Deviated, 2, mutant: Mutant.Name, broken: broken) is not null);

    [Theory]
    [InlineData(2, true)]
    [InlineData(1, false)]
    public void A_mutant_that_passed_is_run_again_where_the_machine_was_full(int full, bool again) =>
        Assert.Equal(again, WhyAgain(Outcome.Passed, full, mutant: Mutant.Name) is not null);

    private static string? WhyAgain(Outcome outcome, int full, string? mutant = null, string broken = "up")
    {
        var builder = Journal(full, 0.4);
        var run = new PlannedRun(builder.Definition with { Mutants = [Mutant] }, mutant);
        return Crowding.WhyAgain(run, Verdict(outcome, mutant, outcome == Outcome.Deviated ? ExpectationOutcome.Broken : ExpectationOutcome.Met, broken), builder.Events);
    }

    /// <summary>Two full readings while its own world starts, and then so many.</summary>
    private static JournalBuilder Journal(int full, double idle)
    {
        var builder = new JournalBuilder().Phased().Add(-900, new MachineSampled(1, 0, 0)).Add(-400, new MachineSampled(1, 0, 0));
        for (var i = 1; i < 30; i++) builder.Add(500 * i, new MachineSampled(0.5, 0, i <= full ? 0 : idle));
        return builder;
    }

    private static ExperimentVerdict Verdict(Outcome outcome, string? mutant, ExpectationOutcome result, string expectation = "up") =>
        new("x", "It holds", "a line", mutant, 1, outcome, "…", [], [], [new ExpectationResult(expectation, "connected", result, "", "…", null, [])], new Dictionary<string, long>(), 17);
}
