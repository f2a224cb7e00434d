namespace Chaos.Proxy.Faults;

/// <summary>
/// The bottleneck of a slow link: bytes leave one after the other at a fixed rate. It is a token bucket that holds one
/// piece: no burst is saved up while the link is idle. Not thread-safe by itself; <see cref="Release"/> locks, as a
/// bucket may be shared by many connections.
/// </summary>
internal sealed class Pacer(double bytesPerSecond)
{
    private readonly Lock _gate = new();
    private long _freeAtNs;

    /// <summary>Bytes that leave as one piece: what the rate carries in 10 ms, within limits that keep overhead small.</summary>
    public int PieceBytes { get; } = (int)Math.Clamp(bytesPerSecond / 100, 256, 16 * 1024);

    /// <summary>When the last byte of a piece that is ready at <paramref name="readyNs"/> has left, in nanoseconds.</summary>
    public long Release(long readyNs, int bytes)
    {
        lock (_gate)
        {
            var start = Math.Max(readyNs, _freeAtNs);
            return _freeAtNs = start + (long)(bytes / bytesPerSecond * 1e9);
        }
    }

    /// <summary>Forgets bytes that were queued: they are about to be paced again, from now on.</summary>
    public void Rewind(long nowNs)
    {
        lock (_gate)
            _freeAtNs = Math.Min(_freeAtNs, nowNs);
    }
}
