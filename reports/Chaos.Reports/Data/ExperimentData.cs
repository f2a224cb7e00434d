using System.Text.Json;
using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;

namespace Chaos.Reports.Data;

/// <summary>One experiment's verdict with its part of the journal.</summary>
/// <param name="Verdict">What the judge said.</param>
/// <param name="Started">Its first event; null when the journal lacks it.</param>
/// <param name="Events">All its events, in order of time.</param>
/// <param name="Timeline">Its phases and faults.</param>
public sealed record ExperimentData(ExperimentVerdict Verdict, ExperimentStarted? Started, IReadOnlyList<JournalEvent> Events, Timeline Timeline)
{
    /// <summary>The resolved experiment, or an empty element when the journal lacks it.</summary>
    public JsonElement Definition => Started?.Definition ?? default;

    /// <summary>Collects an experiment's events. The sort is stable, so a client's own order is kept.</summary>
    public static ExperimentData From(ExperimentVerdict verdict, IEnumerable<JournalEvent> events)
    {
        var ordered = events.OrderBy(e => e.At).ToList();
        var started = ordered.OfType<ExperimentStarted>().FirstOrDefault();
        return new ExperimentData(verdict, started, ordered, Timeline.From(ordered));
    }
}
