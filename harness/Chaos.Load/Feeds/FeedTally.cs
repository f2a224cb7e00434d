using Chaos.Load.Recording;

namespace Chaos.Load.Feeds;

/// <summary>What became of the messages of one line. Thread-safe.</summary>
internal sealed class FeedTally
{
    private readonly Lock _lock = new();
    private readonly NumberSet _acked = new();
    private readonly NumberSet _refused = new();
    private long _due;

    /// <summary>Messages that have been due so far.</summary>
    public long Due
    {
        get => Interlocked.Read(ref _due);
        set => Interlocked.Exchange(ref _due, value);
    }

    /// <summary>The largest counter that was acknowledged; 0 for none.</summary>
    public long LastAcked
    {
        get { lock (_lock) return _acked.Max; }
    }

    /// <summary>True when every message that was due has been acknowledged or refused.</summary>
    public bool IsSettled
    {
        get { lock (_lock) return _acked.Count + _refused.Count >= Due; }
    }

    public bool Ack(long n)
    {
        lock (_lock) return _acked.Add(n);
    }

    public void Refuse(long n)
    {
        lock (_lock) _refused.Add(n);
    }

    public NumberSnapshot Acked()
    {
        lock (_lock) return _acked.Snapshot();
    }
}
