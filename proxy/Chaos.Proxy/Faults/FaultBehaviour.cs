using Chaos.Proxy.Links;

namespace Chaos.Proxy.Faults;

/// <summary>What a fault does. Immutable; the same instance serves every connection.</summary>
internal abstract record FaultBehaviour
{
    /// <summary>
    /// What it does to a connection as a whole, from the moment it takes hold of it. Runs beside the traffic; to wait, it
    /// takes <see cref="LinkConnection.WaitAsync"/>, which ends with the fault and with the connection.
    /// </summary>
    public virtual Task ActAsync(LinkConnection connection, ActiveFault fault) => Task.CompletedTask;

    /// <summary>It acts on the link as a whole, so it can have neither a share nor a target.</summary>
    public virtual bool IsForAll => false;

    /// <summary>It was removed from a connection that goes on.</summary>
    public virtual void OnRemoved(LinkConnection connection, ActiveFault fault)
    {
    }
}

/// <summary>A fault that decides about each item (a chunk of a TCP stream, a WebSocket frame).</summary>
internal abstract record ItemFault : FaultBehaviour
{
    /// <summary>
    /// The decision about an item: a pure function of the key and the ordinal, so that it repeats with the seed.
    /// </summary>
    public abstract Decision Decide(StreamKey key, long item);

    /// <summary>Shapes bytes over time, for a fault that models a rate or a size; null for all others.</summary>
    public virtual Shaper? CreateShaper(StreamKey key) => null;

    /// <summary>One shaper for all connections of the link.</summary>
    public virtual bool IsShared => false;

    /// <summary>How much later the end of the stream is passed on, in microseconds.</summary>
    public virtual long EndDelayUs(StreamKey key, long item) => 0;

    /// <summary>Everything vanishes in it: the peer must not learn that the stream ended, either.</summary>
    public virtual bool Swallows => false;

    /// <summary>Nothing is read while it lasts, and nothing that was read goes on.</summary>
    public virtual bool Stalls => false;

    /// <summary>Bytes after which the connection ends; null for no limit.</summary>
    public virtual long? ByteLimit => null;
}

/// <summary>What happens to an item, a message or a connection.</summary>
internal enum FaultAction
{
    None,
    Delayed,
    Lost,
    Swallowed,
    Throttled,
    Sliced,
    Stalled,
    Limited,
    Dropped,
    Duplicated,
    Reordered,
    Corrupted,
    Truncated,
    Refused,
    Reset,
    Closed,
    Ended,
    Stripped,
    Hung,
}

/// <summary>A decision about one item.</summary>
/// <param name="Action">What happens to it.</param>
/// <param name="DelayUs">How much later than its arrival it is released, in microseconds.</param>
internal readonly record struct Decision(FaultAction Action, long DelayUs)
{
    public static Decision Pass => default;

    public static Decision Swallow => new(FaultAction.Swallowed, 0);

    public static long ToUs(double milliseconds) => (long)Math.Round(milliseconds * 1000);
}

internal static class FaultActionNames
{
    private static readonly string[] Names = Array.ConvertAll(Enum.GetNames<FaultAction>(), name => name.ToLowerInvariant());

    public static string Name(this FaultAction action) => Names[(int)action];
}
