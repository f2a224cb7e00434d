using Chaos.Journal.Events;
using Chaos.Journal.IO;

namespace Chaos.Experiments.Verdicts;

/// <summary>The experiments of a journal, each with its events.</summary>
internal static class JournalExperiments
{
    /// <summary>One list for each run of an experiment, as they were written. One journal may hold an experiment several times, with a mutant each.</summary>
    public static List<List<JournalEvent>> Of(JournalContent content)
    {
        var open = new Dictionary<string, List<JournalEvent>>();
        var all = new List<List<JournalEvent>>();
        foreach (var entry in content.Events)
        {
            if (entry.X is not { } id) continue;
            if (entry is ExperimentStarted) all.Add(open[id] = []);
            if (open.TryGetValue(id, out var list)) list.Add(entry);
        }

        return all;
    }

    /// <summary>
    /// Lines of different processes reach the journal with different delays. The sort is stable: what one client wrote keeps its order.
    /// </summary>
    public static List<JournalEvent> InOrder(IReadOnlyList<JournalEvent> events) => [.. events.OrderBy(e => e.At)];
}
