using System.Text.Json;
using Chaos.Journal;
using Chaos.Journal.Events;
using Chaos.Journal.IO;

namespace Chaos.Experiments.Engine.Worlds;

/// <summary>
/// The journal as one experiment sees it: stamps the experiment's id on every event, and keeps them, so that the
/// steady state can be judged while the experiment runs.
/// </summary>
public sealed class ExperimentJournal(IJournal inner, string experiment) : IJournal
{
    private readonly List<JournalEvent> _events = [];

    /// <summary>The id that every event carries: that of the experiment, with the mutant's name where there is one.</summary>
    public string Experiment => experiment;

    /// <inheritdoc />
    public void Write(JournalEvent entry)
    {
        var stamped = entry.X is null ? entry with { X = experiment } : entry;
        lock (_events) _events.Add(stamped);
        inner.Write(stamped);
    }

    /// <summary>A line of the proxy's ledger.</summary>
    public void WriteLedgerLine(string line)
    {
        try
        {
            Write(JournalFormat.Parse(System.Text.Encoding.UTF8.GetBytes(line)));
        }
        catch (JsonException e)
        {
            Write(new HarnessFailed("ledger", $"unreadable line from the proxy: {e.Message}: {line}"));
        }
    }

    /// <summary>What was written after the first so many, in the order in which it was.</summary>
    public IReadOnlyList<JournalEvent> Since(int count)
    {
        lock (_events) return _events.GetRange(count, _events.Count - count);
    }

    /// <summary>Everything so far, by time.</summary>
    public IReadOnlyList<JournalEvent> Snapshot()
    {
        lock (_events) return [.. _events.OrderBy(e => e.At)];
    }
}
