using System.Collections.Immutable;
using Chaos.Proxy.Faults;
using Chaos.Proxy.Ledger;

namespace Chaos.Proxy.Links;

/// <summary>A named edge of the world: a proxy's connections and the faults on them.</summary>
internal sealed class Link(string name, ProxyKind kind, long seed, LedgerWriter ledger, DueScheduler scheduler)
{
    private static readonly Dictionary<string, string> NoLabels = [];

    private readonly Lock _gate = new();
    private readonly HashSet<LinkConnection> _open = [];
    private readonly (long Received, long Delivered)[] _closed = new (long, long)[2];
    private ImmutableArray<ActiveFault> _faults = [];
    private long _ordinal;
    private long _opened;
    private int _openCount;

    public string Name { get; } = name;

    public ProxyKind Kind { get; } = kind;

    public long Seed { get; } = seed;

    /// <summary>Labels that all its connections have: those of its proxy.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = NoLabels;

    public DueScheduler Scheduler { get; } = scheduler;

    public OverheadRecorder Overhead { get; } = new();

    public InjectionCounters Injections { get; } = new();

    /// <summary>What the wire shows of WebSocket connections.</summary>
    public WireCounters Wire { get; init; } = new(null);

    /// <summary>Faults on the link, oldest first.</summary>
    public ImmutableArray<ActiveFault> Faults
    {
        get
        {
            lock (_gate)
                return _faults;
        }
    }

    /// <summary>Connections opened since the link exists.</summary>
    public long Opened => Volatile.Read(ref _opened);

    /// <summary>Connections that have not ended.</summary>
    public int OpenCount => Volatile.Read(ref _openCount);

    /// <summary>The ordinal of a client that has connected, for what will be opened for it.</summary>
    public long Reserve()
    {
        lock (_gate)
            return ++_ordinal;
    }

    /// <summary>A new connection: it gets its ordinal unless it has one, and the faults look at it.</summary>
    public void Open(LinkConnection connection)
    {
        (ActiveFault Fault, bool Admitted)[] faults;
        lock (_gate)
        {
            if (connection.Ordinal == 0) connection.Ordinal = ++_ordinal;
            connection.OpenedNs = Monotonic.NowNs;
            _open.Add(connection);
            // With the gate held: targets count connections in the order of their ordinals.
            faults = _faults.IsEmpty ? [] : [.. _faults.Where(fault => Concerns(fault, connection, connecting: true)).Select(fault => (fault, fault.Admits(connection)))];
            if (connection.IsListed) Listed(connection);
        }
        foreach (var (fault, admitted) in faults)
            connection.Apply(fault, admitted);
    }

    /// <summary>Puts a fault on the link, for connections that are open and those to come.</summary>
    public void Add(ActiveFault fault)
    {
        (LinkConnection Connection, bool Admitted)[] open;
        lock (_gate)
        {
            _faults = _faults.Add(fault);
            open = Admit(fault);
            ledger.Fault(Name, fault.Name, fault.Definition.Kind.Type, "added");
        }
        foreach (var (connection, admitted) in open)
            connection.Apply(fault, admitted);
    }

    /// <summary>Puts a fault in the place of another of the same name and type: what stays the same goes on.</summary>
    /// <returns>False if the other was not there any more.</returns>
    public bool Replace(ActiveFault old, ActiveFault fault)
    {
        (LinkConnection Connection, bool Admitted)[] open;
        lock (_gate)
        {
            if (!_faults.Contains(old)) return false;
            _faults = _faults.Replace(old, fault);
            open = Admit(fault);
            old.Deactivate();
            ledger.Fault(Name, fault.Name, fault.Definition.Kind.Type, "updated");
        }
        foreach (var (connection, admitted) in open)
            connection.Replace(old, fault, admitted);
        return true;
    }

    /// <summary>Takes a fault off.</summary>
    /// <param name="state">"removed" or "expired".</param>
    /// <returns>False if it was not there any more.</returns>
    public bool Remove(ActiveFault fault, string state)
    {
        LinkConnection[] open;
        lock (_gate)
        {
            if (!_faults.Contains(fault)) return false;
            _faults = _faults.Remove(fault);
            open = [.. _open];
            fault.Deactivate();
            ledger.Fault(Name, fault.Name, fault.Definition.Kind.Type, state);
        }
        foreach (var connection in open)
            connection.Withdraw(fault);
        return true;
    }

    /// <summary>Open connections that a fault would take hold of, were it put on the link now. Nothing happens to them.</summary>
    public LinkConnection[] Preview(ActiveFault fault)
    {
        lock (_gate)
            return [.. Admit(fault).Where(one => one.Admitted && one.Connection.MayTakeHold(fault)).Select(one => one.Connection)];
    }

    /// <summary>All connections, as they are now.</summary>
    public LinkConnection[] Open()
    {
        lock (_gate)
            return [.. _open];
    }

    /// <summary>Bytes that came in, and bytes that were delivered, in a direction since the link exists.</summary>
    public (long Received, long Delivered) Bytes(Direction direction)
    {
        lock (_gate)
        {
            var total = _closed[(int)direction];
            foreach (var connection in _open)
                total = Add(total, connection.Lane(direction));
            return total;
        }
    }

    /// <param name="refusal">Why a fault that would have hit did not; null otherwise.</param>
    public void Rolled(LinkConnection connection, ActiveFault fault, bool hit, string? refusal) => ledger.Roll(Name, fault.Name, connection.Ordinal, hit, refusal);

    public void ControlFrame(LinkConnection connection, Direction direction, int opcode) => ledger.Control(Name, connection.Ordinal, direction.Name(), opcode);

    public void Injected(LinkConnection connection, ActiveFault fault, Direction direction, long item, FaultAction action, long configuredUs, long observedUs, int bytes)
    {
        Injections.Count(fault.Definition.Kind.Type);
        ledger.Injected(Name, fault.Name, connection.Ordinal, direction.Name(), item, action.Name(), configuredUs, observedUs, bytes);
    }

    /// <summary>Clients tried to connect in vain: one line for all of them, as the kernel tells no more than their number.</summary>
    public void Hung(ActiveFault fault, long attempts, long startNs)
    {
        if (attempts == 0) return;
        Injections.Count(fault.Definition.Kind.Type);
        ledger.Injected(Name, fault.Name, 0, Direction.Upstream.Name(), attempts, FaultAction.Hung.Name(), 0, (Monotonic.NowNs - startNs) / 1000, 0);
    }

    public void Handshake(LinkConnection connection, int status, string by, long arrivedNs) =>
        ledger.Handshake(Name, connection.Ordinal, connection.Client, status, by, arrivedNs);

    public void Answer(LinkConnection connection, int status, string by, long arrivedNs) =>
        ledger.Answer(Name, connection.Ordinal, connection.Client, status, by, arrivedNs);

    public void Closed(LinkConnection connection, Ending ending)
    {
        // Of others nothing is told but that they came to an end.
        if (!connection.IsListed) Listed(connection);
        Interlocked.Decrement(ref _openCount);
        ledger.Closed(Name, connection, ending);
    }

    /// <summary>A connection's sockets are gone; nothing can happen on it any more.</summary>
    public void Leave(LinkConnection connection)
    {
        lock (_gate)
        {
            if (!_open.Remove(connection)) return;
            for (var direction = Direction.Upstream; direction <= Direction.Downstream; direction++)
                _closed[(int)direction] = Add(_closed[(int)direction], connection.Lane(direction));
        }
    }

    private static (long Received, long Delivered) Add((long Received, long Delivered) total, Lane? lane) =>
        lane is null ? total : (total.Received + lane.Counters.Received, total.Delivered + lane.Counters.Bytes);

    private void Listed(LinkConnection connection)
    {
        Interlocked.Increment(ref _openCount);
        Interlocked.Increment(ref _opened);
        ledger.Opened(Name, connection.Ordinal, connection.AllLabels);
    }

    private static bool Concerns(ActiveFault fault, LinkConnection connection, bool connecting) => fault.Definition.Behaviour switch
    {
        ConnectHangFault => false,
        ConnectFault => connecting && connection.IsConnect,
        DownFault => true,
        _ => connection.IsListed,
    };

    private (LinkConnection Connection, bool Admitted)[] Admit(ActiveFault fault) =>
        [.. _open.Where(connection => Concerns(fault, connection, connecting: false)).OrderBy(connection => connection.Ordinal).Select(connection => (connection, fault.Admits(connection)))];
}
