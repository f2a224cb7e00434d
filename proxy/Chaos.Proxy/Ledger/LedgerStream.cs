using System.Collections.Immutable;

namespace Chaos.Proxy.Ledger;

/// <summary>
/// Hands ledger lines to listeners as they are written. A listener that is slow loses lines, and is told how many; the
/// writer never waits for one.
/// </summary>
internal sealed class LedgerStream
{
    private ImmutableArray<LedgerListener> _listeners = [];
    private volatile bool _completed;

    /// <summary>Starts to listen; dispose it to stop.</summary>
    /// <param name="links">Links to hear of; none for all.</param>
    /// <param name="kinds">Kinds of lines to hear; none for all.</param>
    public LedgerListener Listen(IEnumerable<string> links, IEnumerable<string> kinds)
    {
        var listener = new LedgerListener(links, kinds, Leave);
        ImmutableInterlocked.Update(ref _listeners, static (all, added) => all.Add(added), listener);
        // The end may have come in between.
        if (_completed) listener.Complete();
        return listener;
    }

    /// <summary>Somebody wants such a line.</summary>
    public bool Hears(string kind, string? link)
    {
        foreach (var listener in _listeners)
        {
            if (listener.Wants(kind, link)) return true;
        }
        return false;
    }

    /// <summary>Hands a line on. Called by one thread at a time.</summary>
    /// <param name="id">Ordinal of the line.</param>
    public void Offer(long id, string kind, string? link, ReadOnlySpan<byte> json)
    {
        LedgerLine? line = null;
        foreach (var listener in _listeners)
        {
            if (listener.Wants(kind, link)) listener.Offer(line ??= new LedgerLine(id, kind, json.ToArray()));
        }
    }

    /// <summary>There will be no more lines.</summary>
    public void Complete()
    {
        _completed = true;
        foreach (var listener in _listeners)
            listener.Complete();
    }

    private void Leave(LedgerListener listener) => ImmutableInterlocked.Update(ref _listeners, static (all, left) => all.Remove(left), listener);
}

/// <summary>A line as it was written.</summary>
/// <param name="Id">Ordinal of the line; gaps are lines that the listener did not want, or lost.</param>
/// <param name="Json">The line, without its end.</param>
internal sealed record LedgerLine(long Id, string Kind, byte[] Json);
