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
    [InlineData(Outcome.Deviated, 0.05, true)]
    [InlineData(Outcome.Inconclusive, 0.05, true)]
    [InlineData(Outcome.BaselineNotMet, 0.05, true)]
    [InlineData(Outcome.Passed, 0.05, false)]
    [InlineData(Outcome.Error, 0.05, true)]
    [InlineData(Outcome.ProbeError, 0.05, false)]
    [InlineData(Outcome.Aborted, 0.05, false)]
    [InlineData(Outcome.Deviated, 0.2, false)]
    public void Only_what_a_full_machine_may_have_broken_is_run_again(Outcome outcome, double idle, bool again)
    {
        var why = WhyAgain(outcome, idle);
        Assert.Equal(again, why is not null);
        if (outcome == Outcome.Deviated && again) Assert.Equal("beside others it was deviated while 5 % of the processors was idle", why);
    }

    [Fact]
    public void The_start_of_a_world_does_not_count() => Assert.Null(WhyAgain(Outcome.Deviated, 0.2, whileStarting: 0));

    [Fact]
    public void Without_readings_a_verdict_stands() =>
        Assert.Null(Crowding.WhyAgain(new PlannedRun(new JournalBuilder().Definition, null), Verdict(Outcome.Deviated, null, ExpectationOutcome.Broken), new JournalBuilder().Phased().Events));

    [Theory]
    [InlineData("spread", false)]
    [InlineData("another", true)]
    public void A_mutant_that_was_caught_by_its_own_expectation_is_not_run_again(string broken, bool again) =>
        Assert.Equal(again, WhyAgain(Outcome.Deviated, 0.05, mutant: Mutant.Name, broken: broken) is not null);

    private static string? WhyAgain(Outcome outcome, double idle, double? whileStarting = null, string? mutant = null, string broken = "up")
    {
        var builder = new JournalBuilder().Phased().Add(-900, new MachineSampled(0.9, 0, whileStarting ?? idle));
        for (var ms = 500; ms < 15_000; ms += 500) builder.Add(ms, new MachineSampled(1 - idle, 0, idle));
        var run = new PlannedRun(builder.Definition with { Mutants = [Mutant] }, mutant);
        return Crowding.WhyAgain(run, Verdict(outcome, mutant, outcome == Outcome.Deviated ? ExpectationOutcome.Broken : ExpectationOutcome.Met, broken), builder.Events);
    }

    private static ExperimentVerdict Verdict(Outcome outcome, string? mutant, ExpectationOutcome result, string expectation = "up") =>
        new("x", "It holds", "a line", mutant, 1, outcome, "…", [], [], [new ExpectationResult(expectation, "connected", result, "", "…", null, [])], new Dictionary<string, long>(), 17);
}
