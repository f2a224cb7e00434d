using System.Collections.Frozen;
using System.Threading.Channels;

namespace Chaos.Proxy.Ledger;

/// <summary>One who listens to the ledger.</summary>
internal sealed class LedgerListener : IDisposable
{
    /// <summary>Lines that wait for a slow listener at most: some megabytes.</summary>
    public const int MaxWaiting = 8192;

    private const string Prefix = "ledger.";

    private readonly Channel<LedgerLine> _lines = Channel.CreateBounded<LedgerLine>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true, SingleWriter = true });
    private readonly FrozenSet<string> _links;
    private readonly FrozenSet<string> _kinds;
    private readonly Action<LedgerListener> _leave;
    private long _lost;

    /// <param name="kinds">With or without their prefix "ledger.".</param>
    public LedgerListener(IEnumerable<string> links, IEnumerable<string> kinds, Action<LedgerListener> leave)
    {
        _links = links.ToFrozenSet(StringComparer.Ordinal);
        _kinds = kinds.Select(kind => kind.Contains('.', StringComparison.Ordinal) ? kind : Prefix + kind).ToFrozenSet(StringComparer.Ordinal);
        _leave = leave;
    }

    public ChannelReader<LedgerLine> Lines => _lines.Reader;

    public bool Wants(string kind, string? link) => (_kinds.Count == 0 || _kinds.Contains(kind)) && (_links.Count == 0 || (link is not null && _links.Contains(link)));

    public void Offer(LedgerLine line)
    {
        if (!_lines.Writer.TryWrite(line)) Interlocked.Increment(ref _lost);
    }

    /// <summary>How many lines it lost since it was last asked.</summary>
    public long TakeLost() => Interlocked.Exchange(ref _lost, 0);

    public void Complete() => _lines.Writer.TryComplete();

    public void Dispose()
    {
        _leave(this);
        Complete();
    }
}
