using Chaos.Experiments.Definitions;
using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Verdicts;

/// <summary>An outcome with the sentence that explains it.</summary>
internal sealed record Ruling(Outcome Outcome, string Sentence);

/// <summary>Everything that the ladder of outcomes looks at.</summary>
internal sealed record Evidence(ExperimentDefinition Definition, IReadOnlyList<JournalEvent> Events, IReadOnlyList<ExpectationResult> Before,
    IReadOnlyList<ExpectationResult> After, IReadOnlyList<ExpectationResult> Expectations, IReadOnlyDictionary<string, long> FaultHits)
{
    /// <summary>How it ended; null when it was killed.</summary>
    public ExperimentEnded? End { get; } = Events.OfType<ExperimentEnded>().LastOrDefault();

    /// <summary>Why nothing that is broken shows anything; null where it does.</summary>
    public string? Excuse { get; init; }

    /// <summary>All results, with the time of steady-state conditions in their names.</summary>
    public IEnumerable<(string Name, ExpectationResult Result)> Named =>
        Before.Select(r => ($"{r.Id} before the faults", r)).Concat(Expectations.Select(r => (r.Id, r))).Concat(After.Select(r => ($"{r.Id} after the faults", r)));
}

/// <summary>
/// The ladder: error, interrupted, aborted, probe-error, baseline-not-met, inconclusive, deviated, passed. The first
/// that applies is the outcome, however many do.
/// </summary>
internal static class Ladder
{
    private static readonly (Outcome Outcome, string Word, Func<Evidence, string?> Reason)[] Rungs =
    [
        (Outcome.Error, "Error", Error),
        (Outcome.Interrupted, "Interrupted", Interrupted),
        (Outcome.Aborted, "Aborted", Aborted),
        (Outcome.ProbeError, "Probe error", e => First(e.Named, ExpectationOutcome.Error)),
        (Outcome.BaselineNotMet, "Baseline not met", BaselineNotMet),
        (Outcome.Inconclusive, "Inconclusive", Inconclusive),
        (Outcome.Deviated, "Deviated", e => First(e.Named, ExpectationOutcome.Broken)),
    ];

    /// <summary>The outcome of an experiment.</summary>
    public static Ruling Rule(Evidence evidence)
    {
        foreach (var (outcome, word, reason) in Rungs)
        {
            if (reason(evidence) is { } why) return new Ruling(outcome, $"{word}: {why}.");
        }

        return new Ruling(Outcome.Passed, $"Passed: {Passed(evidence)}.");
    }

    private static string? Error(Evidence e)
    {
        if (e.Events.OfType<HarnessFailed>().FirstOrDefault() is { } failed) return $"the harness failed in {failed.Where}: {Bare(failed.Message)}";
        return e.End?.Reason == EndReason.Error ? $"the harness failed: {Bare(e.End.Message ?? "it does not say why")}" : null;
    }

    private static string? Interrupted(Evidence e)
    {
        if (e.End is null) return "the journal ends before the experiment did";
        if (e.End.Reason != EndReason.Interrupted) return null;
        return e.Events.OfType<LedgerHalt>().Any(h => h.State == "on") ? "somebody halted all faults before its end" : "somebody stopped it before its end";
    }

    private static string? Aborted(Evidence e)
    {
        if (e.Events.OfType<StopConditionMet>().FirstOrDefault() is { } stop) return $"{stop.Condition} reached {stop.Observed:0.###}, above its limit of {stop.Limit:0.###}";
        return e.End?.Reason == EndReason.Aborted ? Bare(e.End.Message ?? "a stop condition was met") : null;
    }

    private static string? BaselineNotMet(Evidence e) =>
        First(e.Before.Select(r => (r.Id, r)), ExpectationOutcome.Broken)
        ?? (e.End?.Reason == EndReason.BaselineNotMet ? Bare(e.End.Message ?? "the steady state did not hold before the faults") : null);

    private static string? Inconclusive(Evidence e)
    {
        var unhit = e.FaultHits.Where(h => h.Value == 0).Select(h => h.Key).ToList();
        if (unhit.Count > 0) return $"{string.Join(", ", unhit)} hit no traffic, so nothing is shown about it";
        if (e.Events.OfType<PartEnded>().FirstOrDefault(p => !p.Expected) is { } lost) return $"{lost.Name} ended by itself with exit code {lost.ExitCode}";
        if (e.Expectations.Count == 0) return "nothing was expected";
        return First(e.Named, ExpectationOutcome.Inconclusive) ?? e.Excuse;
    }

    private static string Passed(Evidence e) =>
        $"{e.Expectations[0].Sentence}{(e.Expectations.Count > 1 ? $"; {(e.Expectations.Count == 2 ? "the other expectation holds" : $"the other {e.Expectations.Count - 1} expectations hold")} too" : "")}";

    private static string? First(IEnumerable<(string Name, ExpectationResult Result)> results, ExpectationOutcome outcome)
    {
        var found = results.Where(r => r.Result.Outcome == outcome).ToList();
        if (found.Count == 0) return null;
        var others = found.Count == 1 ? "" : $" (and {string.Join(", ", found.Skip(1).Select(f => f.Name))})";
        return $"{found[0].Name}: {found[0].Result.Sentence}{others}";
    }

    private static string Bare(string message) => message.TrimEnd('.', ' ');
}
