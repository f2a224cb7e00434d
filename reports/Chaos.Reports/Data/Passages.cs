using System.Text.Json;
using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;

namespace Chaos.Reports.Data;

/// <summary>
/// The events of each experiment of a journal. A journal may hold one experiment several times, with a mutant each; a verdict takes the
/// first that is its own and that no verdict has taken before.
/// </summary>
internal sealed class Passages
{
    private readonly List<Passage> _all = [];

    private Passages()
    {
    }

    /// <summary>Experiments that were started and that no verdict has taken.</summary>
    public IEnumerable<string> Untaken => _all.Where(p => !p.Taken).Select(p => p.Started.X ?? "without a name");

    public static Passages Of(IReadOnlyList<JournalEvent> events)
    {
        var passages = new Passages();
        var open = new Dictionary<string, Passage>(StringComparer.Ordinal);
        foreach (var entry in events)
        {
            if (entry.X is not { } id) continue;
            if (entry is ExperimentStarted started) passages._all.Add(open[id] = new Passage(started));
            if (open.TryGetValue(id, out var passage)) passage.Events.Add(entry);
        }

        return passages;
    }

    public IReadOnlyList<JournalEvent> Take(ExperimentVerdict verdict)
    {
        var found = _all.Find(p => !p.Taken && p.Started.Mutant == verdict.Mutant && p.Is(verdict.Id));
        if (found is null) return [];
        found.Taken = true;
        return found.Events;
    }

    private sealed class Passage(ExperimentStarted started)
    {
        public ExperimentStarted Started { get; } = started;

        public List<JournalEvent> Events { get; } = [];

        public bool Taken { get; set; }

        public bool Is(string id) => Started.X == id || (Started.Definition.ValueKind == JsonValueKind.Object && Definitions.Text(Started.Definition, "id") == id);
    }
}
