namespace Chaos.Simulation.Model;

/// <summary>What happens to a client next.</summary>
internal enum Happening : byte
{
    /// <summary>Its next attempt is due.</summary>
    Dial,

    /// <summary>Its request arrives at the gateway.</summary>
    Arrive,

    /// <summary>It hears that its request was refused.</summary>
    Refused,

    /// <summary>It hears that its socket is open, and sends the connect command.</summary>
    Opened,

    /// <summary>Its connect command arrives at the gateway.</summary>
    Authenticate,

    /// <summary>It has the connect reply.</summary>
    Connected,

    /// <summary>It hears that its connection was cut.</summary>
    Cut,
}

/// <summary>One thing that will happen.</summary>
/// <param name="Client">Index of the client.</param>
/// <param name="Connection">Ordinal of the connection it is about; it does not happen when that is over.</param>
/// <param name="What">What.</param>
internal readonly record struct Signal(int Client, int Connection, Happening What);

/// <summary>
/// What will happen, earliest first; of two things at the same time, the one that was added first. What is on the way for the one time that the
/// network takes comes in the order in which it was sent, so only what clients wait for has to be sorted.
/// </summary>
internal sealed class EventQueue(int capacity, TimeSpan latency)
{
    private readonly PriorityQueue<Signal, Moment> _waiting = new(capacity);
    private readonly Queue<(Moment At, Signal Signal)> _underWay = new();
    private long _added;

    /// <summary>Adds a thing that happens at a time.</summary>
    public void Add(TimeSpan at, Signal signal) => _waiting.Enqueue(signal, new Moment(at.Ticks, _added++));

    /// <summary>Adds a thing that happens when the network has carried it one way.</summary>
    public void Send(TimeSpan now, Signal signal) => _underWay.Enqueue((new Moment((now + latency).Ticks, _added++), signal));

    /// <summary>Takes the next thing that happens before a time.</summary>
    public bool TryTake(TimeSpan before, out TimeSpan at, out Signal signal)
    {
        var waits = _waiting.TryPeek(out signal, out var moment);
        var sent = _underWay.TryPeek(out var first) && (!waits || first.At.CompareTo(moment) < 0);
        if (sent) (moment, signal) = first;
        at = new TimeSpan(moment.Ticks);
        if (!(waits || sent) || at >= before) return false;
        if (sent) _underWay.Dequeue();
        else _waiting.Dequeue();
        return true;
    }

    private readonly record struct Moment(long Ticks, long Order) : IComparable<Moment>
    {
        public int CompareTo(Moment other) => Ticks != other.Ticks ? Ticks.CompareTo(other.Ticks) : Order.CompareTo(other.Order);
    }
}
