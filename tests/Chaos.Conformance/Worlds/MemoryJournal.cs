using Chaos.Journal.Events;
using Chaos.Journal.IO;

namespace Chaos.Conformance.Worlds;

/// <summary>A journal that can be looked at.</summary>
internal sealed class MemoryJournal : IJournal
{
    private readonly List<JournalEvent> _events = [];

    public IReadOnlyList<JournalEvent> Events
    {
        get { lock (_events) return [.. _events]; }
    }

    public IReadOnlyList<T> Of<T>() where T : JournalEvent => [.. Events.OfType<T>()];

    public void Write(JournalEvent entry)
    {
        lock (_events) _events.Add(entry);
    }
}
