using Chaos.Journal.Events;

namespace Chaos.Reports.Rehearsals;

/// <summary>What became of one rehearsal: a pure function of its part of the journal.</summary>
/// <param name="Id">Its id in the journal.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Started">What it was.</param>
/// <param name="Events">Its events, in order of time.</param>
public sealed record RehearsalResult(string Id, long Seed, RehearsalStarted Started, IReadOnlyList<JournalEvent> Events)
{
    /// <summary>The rehearsals of a journal, in their order.</summary>
    public static IReadOnlyList<RehearsalResult> Of(IReadOnlyList<JournalEvent> journal) =>
        [.. journal.Where(e => e.X is not null).GroupBy(e => e.X!, StringComparer.Ordinal).Where(g => g.OfType<RehearsalStarted>().Any()).Select(g =>
            new RehearsalResult(g.Key, g.OfType<ExperimentStarted>().FirstOrDefault()?.Seed ?? 0, g.OfType<RehearsalStarted>().First(), [.. g.OrderBy(e => e.At)]))];

    /// <summary>Everything that was done, said or found.</summary>
    public IEnumerable<RehearsalEntry> Entries => Events.OfType<RehearsalEntry>();

    /// <summary>The cause that was named first; null when none was.</summary>
    public string? FirstDiagnosis => Entries.FirstOrDefault(e => e.What == "diagnosis")?.Cause;

    /// <summary>The cause that was named first is the one that was injected.</summary>
    public bool NamedRightly => FirstDiagnosis == Started.Cause;

    /// <summary>Actions that were carried out and took nothing of the cause away.</summary>
    public IReadOnlyList<RehearsalEntry> InVain => [.. Entries.Where(e => e is { What: "action", Right: true, Helped: false })];

    /// <summary>How it ended: the reason of <c>rehearsal.ended</c>, that of <c>experiment.ended</c> where it did not come so far, or "killed".</summary>
    public string Reason => Events.OfType<RehearsalEnded>().LastOrDefault()?.Reason ?? Events.OfType<ExperimentEnded>().LastOrDefault()?.Reason ?? "killed";

    /// <summary>It came to an end of its own, so that it says something.</summary>
    public bool IsWhole => Reason is "stable" or "expired" or "undetected";

    /// <summary>Seconds from the beginning of the fault to a moment; null when it was not reached.</summary>
    public double? Seconds(string moment) => Events.OfType<RehearsalMoment>().FirstOrDefault(m => m.Moment == moment) is { } reached ? reached.AfterMs / 1000 : null;

    /// <summary>Whether an event is about a fault that is on all the time and has nothing to do with the cause.</summary>
    public bool IsStanding(JournalEvent e) => Started.IsStanding(e);

    /// <summary>Steps that were passed over: never gone to, looked at or asked. What comes after the step that found the cause was not needed. Nobody passes nothing over.</summary>
    public IReadOnlyList<RehearsalStep> Missed
    {
        get
        {
            if (Started.Mode == RehearsalModes.Nobody) return [];
            var seen = Entries.Select(e => e.Step).ToHashSet();
            var needed = NamedRightly ? Started.Steps.TakeWhile((_, i) => Started.Steps.Skip(i).Any(s => seen.Contains(s.Id))) : Started.Steps;
            return [.. needed.Where(s => !seen.Contains(s.Id))];
        }
    }
}
