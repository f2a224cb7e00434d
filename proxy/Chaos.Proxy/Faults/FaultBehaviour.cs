namespace Chaos.Proxy.Faults;

/// <summary>What a fault does. Immutable; the same instance serves every connection.</summary>
internal abstract record FaultBehaviour;

/// <summary>A fault that decides about each item (a chunk of a TCP stream, a WebSocket frame).</summary>
internal abstract record ItemFault : FaultBehaviour
{
    /// <summary>
    /// The decision about an item: a pure function of the key and the ordinal, so that it repeats with the seed.
    /// </summary>
    public abstract Decision Decide(StreamKey key, long item);

    /// <summary>Paces bytes over time, for a fault that models a rate; null for all others.</summary>
    public virtual Pacer? CreatePacer() => null;
}

/// <summary>What happens to an item.</summary>
internal enum FaultAction
{
    None,
    Delayed,
    Lost,
    Swallowed,
    Throttled,
    Refused,
    Reset,
    Closed,
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
    public static string Name(this FaultAction action) => action switch
    {
        FaultAction.Delayed => "delayed",
        FaultAction.Lost => "lost",
        FaultAction.Swallowed => "swallowed",
        FaultAction.Throttled => "throttled",
        FaultAction.Refused => "refused",
        FaultAction.Reset => "reset",
        FaultAction.Closed => "closed",
        _ => "none",
    };
}
