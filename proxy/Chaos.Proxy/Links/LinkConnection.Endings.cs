using Chaos.Proxy.Faults;
using Chaos.Proxy.WebSockets.Messages;

namespace Chaos.Proxy.Links;

/// <summary>How a connection ends: who ends it, what is written of it, and who has to know.</summary>
internal abstract partial class LinkConnection
{
    /// <summary>It has ended, whatever is still to be cleaned up.</summary>
    public bool HasEnded => Volatile.Read(ref _ending) is not null;

    /// <summary>Resets both legs on behalf of a fault.</summary>
    public void Cut(ActiveFault fault, FaultAction action, long configuredUs, long observedUs = 0, int bytes = 0)
    {
        if (TryEnd(new Ending(Ending.ByFault, Ending.Rst, Fault: fault.Name)))
            Link.Injected(this, fault, Direction.Downstream, 0, action, configuredUs, observedUs, bytes);
        Kill();
    }

    /// <summary>Ends both legs in order (FIN) on behalf of a fault, and drops what is queued.</summary>
    public void Finish(ActiveFault fault, long configuredUs, long observedUs, FaultAction action = FaultAction.Ended)
    {
        if (!TryEnd(new Ending(Ending.ByFault, Ending.Fin, Fault: fault.Name))) return;
        Link.Injected(this, fault, fault.Acts(Direction.Downstream) ? Direction.Downstream : Direction.Upstream, 0, action, configuredUs, observedUs, 0);
        Close();
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
        LetGo();
        Link.Closed(this, WithCloseFrame(ending));
        return true;
    }

    /// <summary>Ends without a line: another takes its place.</summary>
    /// <returns>False if it has ended before.</returns>
    public bool TryHandOver()
    {
        if (Interlocked.CompareExchange(ref _ending, new Ending(Ending.Proxy, Ending.Fin), null) is not null) return false;
        LetGo();
        return true;
    }

    private void LetGo()
    {
        lock (_gate)
        {
            _letGo = true;
            foreach (var fault in _hits) fault.LetGo();
        }
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

    /// <summary>The reader has everything that came before a lane's source failed, and learns of it now. Called with the lane's gate held, perhaps.</summary>
    public virtual void OnFailureDelivered(Lane lane, Exception failure)
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

    /// <summary>Ends both sockets with FIN, and drops what is queued.</summary>
    protected abstract void Close();

    /// <summary>The ending with the close frame that was seen, if one side said goodbye.</summary>
    protected Ending WithCloseFrame(Ending ending)
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
