using Chaos.Journal.Verdicts;
using Chaos.Reports.Data;
using Chaos.Reports.Text;

namespace Chaos.Reports.JUnit;

internal enum JUnitResult
{
    Ok,
    Failure,
    Error,
    Skipped,
}

internal sealed record JUnitCase(string Name, JUnitResult Result, double Seconds = 0, string Message = "", string Type = "", string Detail = "");

/// <summary>An experiment as a suite of cases.</summary>
internal sealed record JUnitSuite(string Name, double Seconds, long? StartedAtUs, IReadOnlyList<(string Name, string Value)> Properties, IReadOnlyList<JUnitCase> Cases)
{
    public static JUnitSuite Of(ExperimentData experiment)
    {
        var verdict = experiment.Verdict;
        var cases = new List<JUnitCase>();
        cases.AddRange(verdict.SteadyBefore.Select(r => Case(r, "steady state before: ")));
        cases.AddRange(verdict.Expectations.Select(r => Case(r, "")));
        cases.AddRange(verdict.SteadyAfter.Select(r => Case(r, "steady state after: ")));
        cases.Add(Whole(verdict, cases));
        List<(string, string)> properties =
        [
            ("title", verdict.Title), ("checklist", verdict.Checklist), ("outcome", Words.Of(verdict.Outcome)), ("seed", Words.Invariant($"{verdict.Seed}")),
        ];
        if (verdict.Mutant is not null) properties.Add(("mutant", verdict.Mutant));
        return new JUnitSuite(verdict.Mutant is null ? verdict.Id : $"{verdict.Id}.{verdict.Mutant}", verdict.Seconds, experiment.Started?.At, properties, cases);
    }

    public static JUnitSuite Of(SkippedExperiment skipped) =>
        new(skipped.Id, 0, null, [("title", skipped.Title), ("outcome", "skipped")], [new JUnitCase("verdict", JUnitResult.Skipped, Message: skipped.Reason)]);

    // The verdict of the whole: whatever keeps an experiment from passing that no single expectation shows must not look green.
    private static JUnitCase Whole(ExperimentVerdict verdict, IReadOnlyList<JUnitCase> cases)
    {
        var result = verdict.Outcome switch
        {
            Outcome.Passed => JUnitResult.Ok,
            Outcome.Deviated => cases.Any(c => c.Result == JUnitResult.Failure) ? JUnitResult.Ok : JUnitResult.Failure,
            _ => JUnitResult.Error,
        };
        return new JUnitCase("verdict", result, verdict.Seconds, verdict.Sentence, Words.Of(verdict.Outcome), verdict.Sentence);
    }

    private static JUnitCase Case(ExpectationResult r, string prefix)
    {
        var result = r.Outcome switch { ExpectationOutcome.Met => JUnitResult.Ok, ExpectationOutcome.Broken => JUnitResult.Failure, _ => JUnitResult.Error };
        var detail = string.Join('\n', r.Measures.Select(m => $"{(m.Ok ? "ok " : "off")} {Words.Compared(m)} (sample {Words.Number(m.Sample)})").Prepend(r.Statistic.Length > 0 ? $"{r.Check}: {r.Statistic}" : r.Check));
        return new JUnitCase(prefix + r.Id, result, 0, r.Sentence, Words.Of(r.Outcome), detail);
    }
}
