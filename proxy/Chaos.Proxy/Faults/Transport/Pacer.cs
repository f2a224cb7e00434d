namespace Chaos.Proxy.Faults;

/// <summary>
/// The bottleneck of a slow link: units leave one after the other at a fixed rate. It is a token bucket that holds one
/// piece: no burst is saved up while the link is idle. It may be shared by many lanes.
/// </summary>
/// <param name="unitsPerSecond">Bytes, or messages, a second.</param>
internal sealed class Pacer(double unitsPerSecond) : Shaper
{
    private readonly Lock _gate = new();

    // What the rate carries in 10 ms, so that a second's worth is right to 1 %; larger pieces would save work and show as bursts.
    private readonly int _pieceBytes = (int)Math.Clamp(unitsPerSecond / 100, 1, 16 * 1024);
    private long _freeAtNs;

    /// <summary>Time that one unit takes, in nanoseconds.</summary>
    public long UnitNs { get; } = (long)(1e9 / unitsPerSecond);

    public override int NextPiece(int available) => Math.Min(available, _pieceBytes);

    public override long Release(long readyNs, int bytes)
    {
        lock (_gate)
        {
            var start = Math.Max(readyNs, _freeAtNs);
            return _freeAtNs = start + (long)(bytes / unitsPerSecond * 1e9);
        }
    }

    public override void Rewind(long nowNs)
    {
        lock (_gate)
            _freeAtNs = Math.Min(_freeAtNs, nowNs);
    }
}
