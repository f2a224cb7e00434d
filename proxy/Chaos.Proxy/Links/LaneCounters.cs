namespace Chaos.Proxy.Links;

/// <summary>What a lane has taken in and delivered. Written by one thread at a time; read by any.</summary>
internal sealed class LaneCounters
{
    private long _received;
    private long _bytes;
    private long _lastNs;

    /// <summary>Bytes that came from the source.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Bytes that were delivered.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>When the last byte was delivered, monotonic nanoseconds; 0 if none was.</summary>
    public long LastNs => Volatile.Read(ref _lastNs);

    public void Arrived(int bytes) => Volatile.Write(ref _received, _received + bytes);

    public void Delivered(int bytes, long nowNs)
    {
        Volatile.Write(ref _bytes, _bytes + bytes);
        Volatile.Write(ref _lastNs, nowNs);
    }
}
