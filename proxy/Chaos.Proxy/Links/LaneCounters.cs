namespace Chaos.Proxy.Links;

/// <summary>What a lane has delivered. Written by one thread at a time; read by any.</summary>
internal sealed class LaneCounters
{
    private long _bytes;
    private long _lastNs;

    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>When the last byte was delivered, monotonic nanoseconds; 0 if none was.</summary>
    public long LastNs => Volatile.Read(ref _lastNs);

    public void Delivered(int bytes, long nowNs)
    {
        Volatile.Write(ref _bytes, _bytes + bytes);
        Volatile.Write(ref _lastNs, nowNs);
    }
}
