using Chaos.Proxy.Faults;

namespace Chaos.Proxy.Links;

/// <summary>One connection on a link: its two lanes, the faults that took hold of it, and its end.</summary>
internal abstract class LinkConnection(Link link)
{
    private readonly Lock _gate = new();
    private readonly List<ActiveFault> _hits = [];
    private Ending? _ending;
    private Direction? _closedFirst;

    public Link Link { get; } = link;

    /// <summary>Ordinal on its link, from 1.</summary>
    public long Ordinal { get; set; }

    /// <summary>Label of the client, if it told one.</summary>
    public string? Client { get; protected init; }

    public Lane? Up { get; private set; }

    public Lane? Down { get; private set; }

    /// <summary>It has ended, whatever is still to be cleaned up.</summary>
    public bool HasEnded => Volatile.Read(ref _ending) is not null;

    /// <summary>Cancelled when its sockets are to go.</summary>
    public CancellationToken Over => OverSource.Token;

    protected CancellationTokenSource OverSource { get; } = new();

    /// <summary>What is known of the client, for the ledger.</summary>
    public abstract IReadOnlyDictionary<string, string> Labels { get; }

    /// <summary>Rolls for a fault that came, and takes it on if it hits.</summary>
    public void Apply(ActiveFault fault)
    {
        lock (_gate)
        {
            if (!fault.Active || HasEnded) return;
            var hit = StreamKey.Roll(Link.Seed, fault.Name, Ordinal) < fault.Definition.Toxicity;
            Link.Rolled(this, fault, hit);
            if (!hit) return;
            _hits.Add(fault);
        }
        Attach(fault);
    }

    /// <summary>A fault left.</summary>
    public void Withdraw(ActiveFault fault)
    {
        Lane? up, down;
        lock (_gate)
        {
            if (!_hits.Remove(fault)) return;
            (up, down) = (Up, Down);
        }
        // A stream with a hole in it cannot go on.
        if (up?.BytesLostTo == fault || down?.BytesLostTo == fault) Cut(fault, FaultAction.Reset, 0);
        up?.Remove(fault);
        down?.Remove(fault);
        OnWithdrawn(fault);
    }

    /// <summary>The fault of a kind that took hold first, if any did.</summary>
    public ActiveFault? Hit<T>() where T : FaultBehaviour
    {
        lock (_gate)
            return _hits.Find(fault => fault.Definition.Behaviour is T);
    }

    /// <summary>Resets both legs on behalf of a fault.</summary>
    public void Cut(ActiveFault fault, FaultAction action, long configuredUs, long observedUs = 0)
    {
        if (TryEnd(new Ending(Ending.ByFault, Ending.Rst, Fault: fault.Name)))
            Link.Injected(this, fault, Direction.Downstream, 0, action, configuredUs, observedUs, 0);
        Kill();
    }

    /// <summary>Ends it because the proxy stops, or its listener is closed or changed.</summary>
    public void Stop()
    {
        TryEnd(new Ending(Ending.Proxy, Ending.Rst));
        Kill();
    }

    /// <summary>A close frame passed that the other side gets to see.</summary>
    public virtual void NoteClose(Direction direction)
    {
        // May be called with a lane's gate held: no lock of this class is taken.
        _closedFirst ??= direction;
    }

    /// <summary>
    /// Writes the connection's last line; the first reason wins. Sockets may live on, where a fault hides the end from
    /// one side.
    /// </summary>
    /// <returns>Whether this was the first.</returns>
    public bool TryEnd(Ending ending)
    {
        if (Interlocked.CompareExchange(ref _ending, ending, null) is not null) return false;
        OnEnding(ending);
        Link.Closed(this, WithCloseFrame(ending));
        return true;
    }

    /// <summary>Called once, before the last line is written.</summary>
    protected virtual void OnEnding(Ending ending)
    {
    }

    /// <summary>A lane's source ended, with an error or (null) in order.</summary>
    public abstract void OnSourceEnded(Lane lane, Exception? failure);

    /// <summary>The end of a lane's source reached the reader. Called with the lane's gate held, perhaps.</summary>
    public virtual void OnEndDelivered(Lane lane)
    {
    }

    /// <summary>A lane could not deliver.</summary>
    public abstract void OnSinkFailed(Lane lane, Exception failure);

    /// <summary>A close frame of a fault was delivered.</summary>
    public virtual void OnCloseSent(Lane lane, LaneItem item)
    {
    }

    /// <summary>Ends both sockets with RST, and drops what is queued.</summary>
    protected abstract void Kill();

    protected virtual void OnWithdrawn(ActiveFault fault)
    {
    }

    /// <summary>Puts a fault that hit to work.</summary>
    protected virtual void Attach(ActiveFault fault)
    {
        switch (fault.Definition.Behaviour)
        {
            case ItemFault:
                AddToLanes(fault);
                break;
            case ResetPeerFault reset:
                _ = ResetAfterAsync(fault, reset);
                break;
            case DownFault:
                Cut(fault, FaultAction.Reset, 0);
                break;
        }
    }

    /// <summary>Both legs are there: traffic starts, under the faults that hit so far.</summary>
    protected void StartLanes(Lane up, Lane down)
    {
        lock (_gate)
        {
            (Up, Down) = (up, down);
            foreach (var fault in _hits)
            {
                if (fault.Definition.Behaviour is ItemFault) AddToLanes(fault);
            }
        }
        if (!HasEnded) return;
        up.Abort();
        down.Abort();
    }

    private void AddToLanes(ActiveFault fault)
    {
        lock (_gate)
        {
            if (!_hits.Contains(fault)) return;
            if (fault.Acts(Direction.Upstream)) Up?.Add(fault);
            if (fault.Acts(Direction.Downstream)) Down?.Add(fault);
        }
    }

    private async Task ResetAfterAsync(ActiveFault fault, ResetPeerFault reset)
    {
        var startNs = Monotonic.NowNs;
        if (reset.TimeoutMs > 0)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(fault.Removed, Over);
            await Task.Delay(TimeSpan.FromMilliseconds(reset.TimeoutMs), stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested) return;
        }
        Cut(fault, FaultAction.Reset, Decision.ToUs(reset.TimeoutMs), (Monotonic.NowNs - startNs) / 1000);
    }

    private Ending WithCloseFrame(Ending ending)
    {
        if (ending.By is Ending.ByFault or Ending.Proxy) return ending;
        var lane = _closedFirst switch { Direction.Upstream => Up, Direction.Downstream => Down, _ => null };
        if (lane is not null)
            return ending with { By = lane == Up ? Ending.Client : Ending.Upstream, How = Ending.Close, Code = lane.CloseCode, Reason = lane.CloseReason };
        // A black hole swallowed the client's goodbye, but it was one.
        return ending.By == Ending.Client && Up is { CloseSeen: true } up
            ? ending with { How = Ending.Close, Code = up.CloseCode, Reason = up.CloseReason }
            : ending;
    }
}
