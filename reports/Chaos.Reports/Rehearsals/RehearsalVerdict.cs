using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;
using Chaos.Reports.Text;

namespace Chaos.Reports.Rehearsals;

/// <summary>What rehearsals show about a runbook: how often it names the cause, and how much sooner the system is stable with it.</summary>
/// <param name="Outcome">Passed, deviated, or why nothing is shown.</param>
/// <param name="Sentences">The findings, the deciding one first.</param>
/// <param name="Named">Automatic rehearsals that named the cause.</param>
/// <param name="Of">Automatic rehearsals that say something.</param>
/// <param name="WithSeconds">Median time to stability with the runbook; null without any.</param>
/// <param name="WithoutSeconds">The same without.</param>
public sealed record RehearsalVerdict(Outcome Outcome, IReadOnlyList<string> Sentences, int Named, int Of, double? WithSeconds, double? WithoutSeconds)
{
    /// <summary>Judges the rehearsals of a journal.</summary>
    public static RehearsalVerdict Judge(IReadOnlyList<RehearsalResult> all)
    {
        var auto = all.Where(r => r.Started.Mode == RehearsalModes.Auto).ToList();
        if (all.Count == 0) return Nothing(Outcome.Inconclusive, "There was no rehearsal.");
        if (Unfinished(all) is { } unfinished) return unfinished;
        if (auto.Count == 0) return Nothing(Outcome.Passed, Person(all[0]));
        var named = auto.Count(r => r.NamedRightly);
        var demands = auto[0].Started;
        var enough = named >= Math.Ceiling((demands.MustName * auto.Count) - 1e-9);
        var sentences = new List<string>
        {
            Words.Invariant($"The cause was named in {named} of {auto.Count} rehearsals ({100.0 * named / auto.Count:0} %, at least {100 * demands.MustName:0} % must be)."),
        };
        sentences.AddRange(auto.Where(r => !r.NamedRightly).Select(r => $"Seed {r.Seed}: {(r.FirstDiagnosis is { } wrong ? $"{wrong} was named" : "nothing was named")}, and it was {r.Started.Cause}."));
        var (with, without) = (Median(auto), Median([.. all.Where(r => r.Started.Mode == RehearsalModes.Nobody)]));
        var soon = true;
        if (with is { } w && without is { } o)
        {
            soon = w <= demands.MustTake * o;
            sentences.Add(double.IsInfinity(w) ? "With the runbook the system was not stable again in half of the rehearsals."
                : Words.Invariant($"Median time to stability: {w:0.0} s with the runbook, {(double.IsInfinity(o) ? "never" : Words.Seconds(o))} without ({(double.IsInfinity(o) ? 0 : 100 * w / o):0} %, at most {100 * demands.MustTake:0} % may be)."));
        }

        if (auto.Sum(r => r.InVain.Count) is > 0 and var vain) sentences.Add($"{Words.Count(vain, "action")} took nothing of the cause away.");
        return new RehearsalVerdict(enough && soon ? Outcome.Passed : Outcome.Deviated, sentences, named, auto.Count, with, without);
    }

    /// <summary>The four times of a rehearsal in words.</summary>
    public static string Times(RehearsalResult result) => string.Join(", ", new[]
    {
        ("detected", RehearsalMoments.Detected), ("diagnosed", RehearsalMoments.Diagnosed), ("mitigated", RehearsalMoments.Mitigated), ("stable", RehearsalMoments.Stable),
    }.Select(m => $"{m.Item1} {(result.Seconds(m.Item2) is { } s ? $"after {Words.Seconds(s)}" : "not at all")}"));

    private static RehearsalVerdict? Unfinished(IReadOnlyList<RehearsalResult> all)
    {
        if (all.FirstOrDefault(r => r.Reason == EndReason.Error) is { } failed)
            return Nothing(Outcome.Error, $"The harness failed in {failed.Id}: {failed.Events.OfType<ExperimentEnded>().Last().Message}.");
        if (all.FirstOrDefault(r => r.Reason is EndReason.Interrupted or "killed") is { } stopped) return Nothing(Outcome.Interrupted, $"{stopped.Id} was stopped before its end.");
        if (all.FirstOrDefault(r => r.Reason == EndReason.BaselineNotMet) is { } unwell)
            return Nothing(Outcome.BaselineNotMet, $"{unwell.Id}: {unwell.Events.OfType<ExperimentEnded>().Last().Message}.");
        if (all.FirstOrDefault(r => r.Reason == "halted") is { } halted) return Nothing(Outcome.Aborted, Person(halted));
        // Of a fault that nobody noticed nothing can be learnt; that it was a fault is for whoever wrote the runbook to see to.
        return all.FirstOrDefault(r => r.Reason == "undetected") is { } unseen ? Nothing(Outcome.Inconclusive, $"{unseen.Id}: {unseen.Started.Cause} broke no budget, so nothing is shown. Make it stronger.") : null;
    }

    private static string Person(RehearsalResult result) =>
        $"{(result.Reason == "halted" ? "Halted" : result.NamedRightly ? "The cause was named" : result.FirstDiagnosis is { } wrong ? $"{wrong} was named, and it was {result.Started.Cause}" : $"No cause was named; it was {result.Started.Cause}")}: {Times(result)}.";

    private static RehearsalVerdict Nothing(Outcome outcome, string sentence) => new(outcome, [sentence], 0, 0, null, null);

    // What was never stable took longer than anything.
    private static double? Median(List<RehearsalResult> results)
    {
        if (results.Count == 0) return null;
        double[] sorted = [.. results.Select(r => r.Seconds(RehearsalMoments.Stable) ?? double.PositiveInfinity).Order()];
        var (low, high) = (sorted[(sorted.Length - 1) / 2], sorted[sorted.Length / 2]);
        return double.IsInfinity(high) ? high : (low + high) / 2;
    }
}
