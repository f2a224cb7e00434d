namespace Chaos.Proxy.Faults;

/// <summary>Releases bytes piece by piece. One lane's, or (where it is shared) that of all lanes of a link.</summary>
internal abstract class Shaper
{
    /// <summary>How many of the bytes at hand leave as the next piece.</summary>
    /// <param name="available">More than 0.</param>
    public abstract int NextPiece(int available);

    /// <summary>When a piece that is ready at <paramref name="readyNs"/> has left, in nanoseconds.</summary>
    public abstract long Release(long readyNs, int bytes);

    /// <summary>Forgets bytes that were queued: they are about to be shaped again, from now on.</summary>
    public abstract void Rewind(long nowNs);
}
