using Chaos.Proxy.Faults;
using Chaos.Proxy.WebSockets.Messages;

namespace Chaos.Proxy.Links;

/// <summary>One connection on a link: its two lanes, the faults that took hold of it, and its end.</summary>
internal abstract partial class LinkConnection(Link link)
{
    private readonly Lock _gate = new();
    private readonly List<ActiveFault> _hits = [];
    private Ending? _ending;
    private Direction? _closedFirst;
    private bool _letGo;

    public Link Link { get; } = link;

    /// <summary>Ordinal on its link, from 1; 0 until it has one.</summary>
    public long Ordinal { get; set; }

    /// <summary>When it was opened, monotonic nanoseconds.</summary>
    public long OpenedNs { get; set; }

    /// <summary>It is there from the client's connect on, so faults on connecting act on it.</summary>
    public virtual bool IsConnect => false;

    /// <summary>host:port of the upstream that a WebSocket connection is established with; null before that, after its end, and of others.</summary>
    public virtual string? Established => null;

    /// <summary>It is a connection of its own in the ledger, and one that faults on open connections count.</summary>
    public virtual bool IsListed => true;

    /// <summary>Faults that hold it.</summary>
    public ActiveFault[] Hits
    {
        get
        {
            lock (_gate)
                return [.. _hits];
        }
    }

    /// <summary>Label of the client, if it told one.</summary>
    public string? Client { get; protected init; }

    public Lane? Up { get; private set; }

    public Lane? Down { get; private set; }

    /// <summary>The lane of a direction, once there is one.</summary>
    public Lane? Lane(Direction direction) => direction == Direction.Upstream ? Up : Down;

    /// <summary>Cancelled when its sockets are to go.</summary>
    public CancellationToken Over => OverSource.Token;

    protected CancellationTokenSource OverSource { get; } = new();

    /// <summary>What is known of the client, for the ledger.</summary>
    public abstract IReadOnlyDictionary<string, string> Labels { get; }

    /// <summary>Its own labels, and those of its link.</summary>
    public IReadOnlyDictionary<string, string> AllLabels => Link.Labels.Count == 0 ? Labels
        : Labels.Concat(Link.Labels).DistinctBy(label => label.Key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);

    /// <summary>Value of a label, as targets name them; null where it has none.</summary>
    public virtual string? Label(string name) => Labels.GetValueOrDefault(name) ?? Link.Labels.GetValueOrDefault(name);

    /// <summary>It lives, and nothing that is known of it forbids the fault.</summary>
    public bool MayTakeHold(ActiveFault fault) => !HasEnded && Refusal(fault) is null;

    /// <summary>The payload of a message can be read: it is not compressed, or can be unpacked by itself.</summary>
    public virtual bool CanReadMessage(Message message) => !message.IsCompressed;

    /// <summary>A fault came: it is taken on where it was admitted.</summary>
    /// <param name="admitted">The fault's target and toxicity let it in.</param>
    public void Apply(ActiveFault fault, bool admitted)
    {
        string? refusal = null;
        lock (_gate)
        {
            var over = !fault.Active || HasEnded;
            if (admitted && !over) refusal = Refusal(fault);
            if (!over) Link.Rolled(this, fault, admitted && refusal is null, refusal);
            if (admitted && (over || refusal is not null)) fault.LetGo();
            if (!admitted || over || refusal is not null) return;
            _hits.Add(fault);
        }
        Attach(fault);
    }

    /// <summary>A fault of the same type took the place of another.</summary>
    /// <param name="admitted">Its target and toxicity let it in.</param>
    public void Replace(ActiveFault old, ActiveFault fault, bool admitted)
    {
        Lane? up, down;
        bool inPlace;
        lock (_gate)
        {
            var at = _hits.IndexOf(old);
            inPlace = at >= 0 && admitted && old.Definition.Streams == fault.Definition.Streams;
            if (inPlace)
            {
                _hits[at] = fault;
                Link.Rolled(this, fault, true, null);
            }
            (up, down) = (Up, Down);
        }
        if (inPlace)
        {
            up?.Replace(old, fault);
            down?.Replace(old, fault);
            Act(fault);
        }
        else
        {
            Withdraw(old);
            Apply(fault, admitted);
        }
    }

    /// <summary>A fault left.</summary>
    public void Withdraw(ActiveFault fault)
    {
        Lane? up, down;
        lock (_gate)
        {
            if (!_hits.Remove(fault)) return;
            if (!_letGo) fault.LetGo();
            (up, down) = (Up, Down);
        }
        // Before the lanes go on: a stream with a hole in it must not.
        fault.Definition.Behaviour.OnRemoved(this, fault);
        up?.Remove(fault);
        down?.Remove(fault);
        OnWithdrawn(fault);
    }

    /// <summary>The fault swallowed bytes of it.</summary>
    public bool HasHole(ActiveFault fault) => Up?.BytesLostTo == fault || Down?.BytesLostTo == fault;

    /// <summary>When bytes last came in a direction that the fault acts on, monotonic nanoseconds; 0 if none did.</summary>
    public long LastArrivalNs(ActiveFault fault) =>
        Math.Max(fault.Acts(Direction.Upstream) ? Up?.LastArrivalNs ?? 0 : 0, fault.Acts(Direction.Downstream) ? Down?.LastArrivalNs ?? 0 : 0);

    /// <summary>Cancelled when a fault leaves or the connection is over, whichever is first.</summary>
    public CancellationTokenSource UntilOver(ActiveFault fault) => CancellationTokenSource.CreateLinkedTokenSource(fault.Removed, Over);

    /// <summary>Waits as exactly as items do.</summary>
    /// <returns>False when the fault left, or the connection was over, before the time.</returns>
    public async Task<bool> WaitAsync(ActiveFault fault, long dueNs)
    {
        using var over = UntilOver(fault);
        await DueDelay.UntilAsync(Link.Scheduler, dueNs, over.Token).ConfigureAwait(false);
        return !over.IsCancellationRequested;
    }

    /// <summary>The fault of a kind that took hold first, if any did.</summary>
    public ActiveFault? Hit<T>() where T : FaultBehaviour
    {
        lock (_gate)
            return _hits.Find(fault => fault.Definition.Behaviour is T);
    }

    /// <summary>Behaviours of a kind that took hold.</summary>
    protected T[] HitBehaviours<T>() where T : FaultBehaviour
    {
        lock (_gate)
            return [.. _hits.Select(fault => fault.Definition.Behaviour).OfType<T>()];
    }

    /// <summary>Lets go of faults that took hold, but must not after what has become known of the connection.</summary>
    protected void GiveUpRefused()
    {
        lock (_gate)
        {
            for (var i = _hits.Count - 1; i >= 0; i--)
            {
                if (Refusal(_hits[i]) is not { } refusal) continue;
                Link.Rolled(this, _hits[i], false, refusal);
                if (!_letGo) _hits[i].LetGo();
                _hits.RemoveAt(i);
            }
        }
    }

    /// <summary>A control frame (ping, pong, close) was seen.</summary>
    public void NoteControl(Direction direction, int opcode) => Link.ControlFrame(this, direction, opcode);

    /// <summary>The upstream sent a heartbeat. May be called with a lane's gate held.</summary>
    public virtual void NotePing(long nowNs)
    {
    }

    /// <summary>What may be its answer was delivered. May be called with a lane's gate held.</summary>
    public virtual void NotePong(long nowNs)
    {
    }

    protected virtual void OnWithdrawn(ActiveFault fault)
    {
    }

    /// <summary>A fault would take hold of it, but must not: why. Null where it may.</summary>
    protected virtual string? Refusal(ActiveFault fault) => null;

    /// <summary>Puts a fault that hit to work.</summary>
    protected virtual void Attach(ActiveFault fault)
    {
        if (IsForLanes(fault)) AddToLanes(fault);
        Act(fault);
    }

    private void Act(ActiveFault fault) => _ = fault.Definition.Behaviour.ActAsync(this, fault);

    private static bool IsForLanes(ActiveFault fault) => fault.Definition.Behaviour is ItemFault or MessageFault;

    /// <summary>Both legs are there: traffic starts, under the faults that hit so far.</summary>
    protected void StartLanes(Lane up, Lane down)
    {
        lock (_gate)
        {
            (Up, Down) = (up, down);
            var faults = _hits.FindAll(IsForLanes);
            up.Add([.. faults.Where(fault => fault.Acts(Direction.Upstream))]);
            down.Add([.. faults.Where(fault => fault.Acts(Direction.Downstream))]);
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
}
