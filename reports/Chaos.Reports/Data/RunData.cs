using Chaos.Journal.Events;
using Chaos.Journal.IO;
using Chaos.Journal.Verdicts;

namespace Chaos.Reports.Data;

/// <summary>A run, arranged for reports: its verdict, and the events of each experiment beside it.</summary>
/// <param name="Verdict">What the judge said.</param>
/// <param name="Start">The journal's first line; null for a journal without events.</param>
/// <param name="End">The journal's last line; null when the run did not end in order.</param>
/// <param name="Experiments">One an experiment of the verdict, in its order.</param>
/// <param name="Problems">What is wrong with the journal, from its reader and from the judge.</param>
/// <param name="Killed">Where the run was when it was killed, as a sentence; null when it ended in order.</param>
public sealed record RunData(RunVerdict Verdict, RunStarted? Start, RunEnded? End, IReadOnlyList<ExperimentData> Experiments,
    IReadOnlyList<string> Problems, string? Killed)
{
    /// <summary>Arranges a journal and its verdict.</summary>
    public static RunData From(JournalContent journal, RunVerdict verdict)
    {
        var passages = Passages.Of(journal.Events);
        var start = journal.Events.OfType<RunStarted>().FirstOrDefault();
        var end = journal.Events.OfType<RunEnded>().LastOrDefault();
        var problems = verdict.JournalProblems.Union(journal.Problems, StringComparer.Ordinal).ToList();
        if (journal.Torn) problems.Add("The last line is incomplete and was left out.");

        var experiments = verdict.Experiments.Select(v => ExperimentData.From(v, passages.Take(v))).ToList();
        problems.AddRange(passages.Untaken.Select(id => $"Experiment {id} is in the journal, but has no verdict."));
        return new RunData(verdict, start, end, experiments, problems, end is null ? KilledSentence(journal.Events) : null);
    }

    private static string KilledSentence(IReadOnlyList<JournalEvent> events)
    {
        if (events.Count == 0) return "The journal has no events.";
        var seconds = (events.Max(e => e.At) - events[0].At) / 1e6;
        var open = events.OfType<ExperimentStarted>().LastOrDefault()?.X;
        if (open is null || events.Any(e => e is ExperimentEnded && e.X == open))
            return Text.Words.Invariant($"The run was killed {seconds:0.0} s after it began, between experiments. The journal is whole up to there.");
        var phase = events.OfType<PhaseEntered>().LastOrDefault(e => e.X == open)?.Phase ?? "start";
        return Text.Words.Invariant($"The run was killed {seconds:0.0} s after it began, in experiment {open}, phase {phase}. The journal is whole up to there.");
    }
}
