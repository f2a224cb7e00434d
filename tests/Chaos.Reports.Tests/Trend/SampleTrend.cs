using Chaos.Journal.Verdicts;
using Chaos.Reports.Tests.Samples;
using Chaos.Reports.Trend;

namespace Chaos.Reports.Tests.Trend;

/// <summary>A trend with one of everything: a number that got worse, a flaky experiment, a mutant that survived, a file that was left out.</summary>
internal static class SampleTrend
{
    public static NightlyTrend Make()
    {
        List<Night> nights = [.. SampleNights.Healthy(7, 20)];
        nights[11] = Deviated(nights[11], "incident-storm", SmallRun.Hostile);
        nights[16] = Deviated(nights[16], "incident-storm", "disconnects-seen: they were noticed after 3,410 ms, above 3,000 ms.");
        var tonight = SampleNights.One(7, 20, new Plant(SlowTail: 1.2, JitterLost: 0.4));
        tonight = tonight with
        {
            Mutants = [tonight.Mutants![0] with { Killed = false, Verdict = "passed", Sentence = "The gaps follow the declared distribution." }, tonight.Mutants[1]],
            Skipped = [new SkippedExperiment("resume-random-cuts-js", "A third-party client resumes", "Node is not installed; it needs Node 20 or later.")],
        };
        return NightlyTrend.Of(new NightsRead(nights, [$"notes.txt is not the file of a night: {SmallRun.Hostile}"]), tonight, new TrendRules());
    }

    public static Night Deviated(Night night, string experiment, string sentence) => night with
    {
        Outcome = Outcome.Deviated,
        Experiments = [.. night.Experiments.Select(e => e.Id == experiment ? e with { Outcome = Outcome.Deviated, Sentence = sentence } : e)],
    };
}
