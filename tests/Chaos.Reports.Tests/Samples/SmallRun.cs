using Chaos.Journal.Events;
using Chaos.Journal.IO;
using Chaos.Journal.Verdicts;
using static Chaos.Reports.Tests.Samples.SampleVerdicts;

namespace Chaos.Reports.Tests.Samples;

/// <summary>A run small enough for snapshots: one of each outcome that reads differently.</summary>
internal static class SmallRun
{
    public const string Hostile = """<script>alert(1)</script> "quoted" & 'single' | pipe ]]> <img src=x onerror=alert(2)>""";

    public static (JournalContent Journal, RunVerdict Verdict) Make()
    {
        var journal = new SampleJournal().RunStarts().Experiment("latency", 1, "Delivery holds").Phases(1, 2, 4, 8, 9, 10).Fault("slow", "eu.redis", "latency", 4, 8);
        for (var i = 0; i < 100; i++)
        {
            journal.Add(2.01 + (i * 0.06), new ClientDelivered("c-1", "acme:a", "p", [i + 1], [SampleJournal.Us(2 + (i * 0.06))], [10_000 + (i * 100)]));
            if (i % 2 == 0) journal.Add(4 + (i * 0.03), new LedgerInjected("eu.redis", "slow", 3, "downstream", i, "delayed", 40_000, 40_500, 64));
        }

        journal.Add(5, new LedgerOverhead("eu.redis", 2, 400, 11.5, 60, 220)).Experiment("resume", 20, "Nothing is missed", mutant: "client.keeps-no-offset").Add(30, new RunEnded("deviated", 1));
        var verdict = Run(Outcome.Deviated,
        [
            Experiment("latency", Outcome.Deviated, "p99 was 231 ms, above 200 ms.",
                [
                    Broken("degraded", "latency", "percentile with 99 % interval", "p99 was 231 ms; its budget is 200 ms.",
                        new Measure("p50", 88.4, 120, "ms", 960, true, Low: 87.1, High: 89.6), new Measure("p99", 231.4, 200, "ms", 960, false, Low: 222, High: double.PositiveInfinity)),
                    new ExpectationResult("crash", "custom", ExpectationOutcome.Error, "", "The check failed: index out of range.", null, []),
                ], "Delivery holds", "latency budget", new Dictionary<string, long> { ["slow"] = 50 }),
            Experiment("resume", Outcome.Inconclusive, "The fault hit no traffic.",
                [new ExpectationResult("gapless", "gapless", ExpectationOutcome.Inconclusive, "0 in 300", "No cut was seen.", new Measure("cuts", double.NaN, 200, "", 0, false, "≥"), [new Measure("cuts", double.NaN, 200, "", 0, false, "≥")])],
                "Nothing is missed", "session resume", new Dictionary<string, long> { ["cut"] = 0 }) with { Mutant = "client.keeps-no-offset" },
            Experiment("tokens", Outcome.Passed, "Every refusal was right.", [Met("codes", "script", "exact", "All steps matched.", new Measure("steps", 12, 12, "", 12, true, "="))], Hostile, "tokens"),
        ], new SkippedExperiment("resume-centrifuge-js", "The real client resumes", "Node is not installed."));
        return (journal.Build("line 12: not JSON"), verdict);
    }
}
