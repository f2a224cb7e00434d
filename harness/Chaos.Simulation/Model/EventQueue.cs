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

/// <summary>What will happen, earliest first; of two things at the same time, the one that was added first.</summary>
internal sealed class EventQueue(int capacity)
{
    private readonly PriorityQueue<Signal, Moment> _queue = new(capacity);
    private long _added;

    /// <summary>Adds a thing.</summary>
    public void Add(TimeSpan at, Signal signal) => _queue.Enqueue(signal, new Moment(at.Ticks, _added++));

    /// <summary>Takes the next thing that happens before a time.</summary>
    public bool TryTake(TimeSpan before, out TimeSpan at, out Signal signal)
    {
        if (!_queue.TryPeek(out signal, out var moment) || moment.Ticks >= before.Ticks)
        {
            at = default;
            return false;
        }

        _queue.Dequeue();
        at = new TimeSpan(moment.Ticks);
        return true;
    }

    private readonly record struct Moment(long Ticks, long Order) : IComparable<Moment>
    {
        public int CompareTo(Moment other) => Ticks != other.Ticks ? Ticks.CompareTo(other.Ticks) : Order.CompareTo(other.Order);
    }
}
