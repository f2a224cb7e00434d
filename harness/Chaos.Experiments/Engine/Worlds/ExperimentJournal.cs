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
    private readonly TaskCompletionSource<string?> _halted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The id that every event carries: that of the experiment, with the mutant's name where there is one.</summary>
    public string Experiment => experiment;

    /// <summary>Raised after each event, by whoever wrote it.</summary>
    public event Action<JournalEvent>? Wrote;

    /// <summary>Ends once somebody pressed the stop button of the experiment's proxy, with the reason that they gave.</summary>
    public Task<string?> Halted => _halted.Task;

    /// <inheritdoc />
    public void Write(JournalEvent entry)
    {
        var stamped = entry.X is null ? entry with { X = experiment } : entry;
        lock (_events) _events.Add(stamped);
        inner.Write(stamped);
        Wrote?.Invoke(stamped);
    }

    /// <summary>A line of the proxy's ledger.</summary>
    public void WriteLedgerLine(string line)
    {
        try
        {
            var entry = JournalFormat.Parse(System.Text.Encoding.UTF8.GetBytes(line));
            Write(entry);
            if (entry is LedgerHalt { State: "on" } halt) _halted.TrySetResult(halt.Reason);
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
