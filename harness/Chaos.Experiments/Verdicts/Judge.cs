using System.Text.Json;
using Chaos.Experiments.Checks;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Files;
using Chaos.Journal.Events;
using Chaos.Journal.IO;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Verdicts;

/// <summary>Turns a journal into a verdict: a pure function, the same for yesterday's journal as for one that was just written.</summary>
public static class Judge
{
    /// <summary>Judges every experiment of a journal.</summary>
    /// <param name="content">The journal; its first event is run.started.</param>
    /// <param name="mustHaveEnded">Whether a journal without run.ended is that of a killed run and so interrupted. False while the run goes on.</param>
    public static RunVerdict Run(JournalContent content, bool mustHaveEnded = false)
    {
        var started = (RunStarted)content.Events[0];
        var experiments = JournalExperiments.Of(content).Select(Experiment).ToList();
        var skipped = content.Events.OfType<ExperimentSkipped>().Select(s => new SkippedExperiment(s.X ?? "", s.Title, s.Reason)).ToList();

        // Nothing run shows nothing. The enumeration's order is the ladder's: the smallest is the worst.
        var outcome = experiments.Count == 0 ? Outcome.Inconclusive : experiments.Min(e => e.Outcome);
        var ended = content.Events.OfType<RunEnded>().LastOrDefault();
        var killed = mustHaveEnded && ended is null;
        // One that was interrupted between two experiments says so in its last line only.
        if ((killed || ended?.Outcome == ExitCodes.NameOf(Outcome.Interrupted)) && outcome > Outcome.Interrupted) outcome = Outcome.Interrupted;
        IReadOnlyList<string> problems = killed ? [.. content.Problems, "the journal has no run.ended line: the run was killed"] : content.Problems;
        return new RunVerdict(started.Run, started.Seed, started.Command, outcome, experiments, skipped, problems);
    }

    /// <summary>Judges one experiment.</summary>
    /// <param name="events">Its events, experiment.started among them, in any order.</param>
    /// <exception cref="InvalidDataException">There is no experiment.started.</exception>
    public static ExperimentVerdict Experiment(IReadOnlyList<JournalEvent> events)
    {
        var started = events.OfType<ExperimentStarted>().FirstOrDefault() ?? throw new InvalidDataException("These events hold no experiment.started.");
        ExperimentDefinition definition;
        try
        {
            definition = DefinitionJson.FromJson(started.Definition);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NotSupportedException)
        {
            return new ExperimentVerdict(started.X ?? "", started.Title, started.Checklist, started.Mutant, started.Seed, Outcome.Error,
                $"Error: the journal's definition of the experiment cannot be read: {e.Message}", [], [], [], new Dictionary<string, long>(), 0);
        }

        return Experiment(started, definition, events, CheckCatalogue.All);
    }

    /// <summary>The first steady-state condition that does not hold in a window, as a sentence; null when all do or cannot be told.</summary>
    /// <param name="definition">The experiment.</param>
    /// <param name="events">Its events so far.</param>
    /// <param name="window">The time to judge, usually the baseline.</param>
    public static string? UnmetSteadyState(ExperimentDefinition definition, IReadOnlyList<JournalEvent> events, Window window)
    {
        var sorted = JournalExperiments.InOrder(events);
        return definition.SteadyState.Select(s => Evaluation.Of(s, definition, sorted, window, CheckCatalogue.All))
            .Where(r => r.Outcome is ExpectationOutcome.Broken or ExpectationOutcome.Error)
            .Select(r => $"{r.Id}: {r.Sentence}").FirstOrDefault();
    }

    /// <summary>Whether a run with a mutant killed it: the named expectation is the one that broke, in a run that came to its end.</summary>
    /// <param name="verdict">Verdict of the run with the mutant.</param>
    /// <param name="killedBy">Id of the expectation that must break.</param>
    public static bool Kills(ExperimentVerdict verdict, string killedBy) =>
        verdict.Outcome is Outcome.Deviated or Outcome.Inconclusive or Outcome.Passed
        && verdict.Expectations.Any(e => e.Id == killedBy && e.Outcome == ExpectationOutcome.Broken);

    internal static ExperimentVerdict Experiment(ExperimentStarted started, ExperimentDefinition definition, IReadOnlyList<JournalEvent> unsorted, IReadOnlyList<ICheck> checks)
    {
        var events = JournalExperiments.InOrder(unsorted);
        var windows = ExperimentWindows.Of(events);
        var hits = FaultHits.Of(definition, events);
        var before = Steady(windows.Baseline, Phases.Baseline);
        var after = Steady(windows.Recovery, Phases.Recovery);
        var expectations = definition.Expectations.Select(e => Evaluation.Of(e, definition, events, windows.Find(e.During), checks)).ToList();
        var judged = expectations.Zip(definition.Expectations, (result, e) => (result, windows.Find(e.During))).Concat(after.Select(result => (result, windows.Recovery)));
        var ruling = Ladder.Rule(new Evidence(definition, events, before, after, expectations, hits) { Excuse = BusyMachine.Excuse(events, judged, checks) });
        var ended = events.OfType<ExperimentEnded>().LastOrDefault()?.At ?? events[^1].At;
        var sentence = started.Again is null ? ruling.Sentence : $"{ruling.Sentence} It was run again, alone: {started.Again}.";
        return new ExperimentVerdict(definition.Id, started.Title, started.Checklist, started.Mutant, started.Seed, ruling.Outcome, sentence,
            before, after, expectations, hits, (ended - started.At) / 1e6);

        List<ExpectationResult> Steady(Window? window, string phase) =>
            [.. definition.SteadyState.Select(s => Evaluation.Of(s with { During = phase }, definition, events, window, checks))];
    }
}
