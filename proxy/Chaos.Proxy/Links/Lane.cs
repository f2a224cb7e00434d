using System.Buffers;
using Chaos.Proxy.Faults;
using Chaos.Proxy.WebSockets;
using Chaos.Proxy.WebSockets.Messages;

namespace Chaos.Proxy.Links;

/// <summary>
/// One direction of one connection. While no fault is on it and nothing is queued, bytes go past it (see
/// <see cref="Direct"/>); else they go through its message faults, its transport faults and its backlog, where each item
/// waits until it is due. This class holds the rules; the two ways of driving it, pushed by a writer or pulled by a reader,
/// derive from it.
/// </summary>
internal abstract partial class Lane(LinkConnection connection, Direction direction, bool framed)
{
    /// <summary>Bytes in a lane before the sender has to wait, as the buffers of a long path would hold.</summary>
    public const int MaxQueuedBytes = 4 * 1024 * 1024;

    /// <summary>
    /// The same on a paced lane, as queues of routers are short and each byte in it waits long; and on every lane while all of
    /// them together hold too much.
    /// </summary>
    public const int MaxShortBytes = 64 * 1024;

    // Made when first needed: most lanes never see a fault.
    private FaultChain? _faults;
    private Backlog? _backlog;
    private MessageStage? _messages;
    private DueSignal? _signal;
    private TaskCompletionSource? _drained;

    protected Lock Gate { get; } = new();

    protected MessageStage? Messages => _messages;

    /// <summary>Wakes whoever waits for the head of the queue.</summary>
    protected DueSignal Signal => _signal ?? Interlocked.CompareExchange(ref _signal, new DueSignal(Connection.Link.Scheduler, mayRunInline: true), null) ?? _signal;

    public LinkConnection Connection { get; } = connection;

    public Direction Direction { get; } = direction;

    /// <summary>It carries WebSocket frames; else bytes.</summary>
    public bool IsFramed => framed;

    public LaneCounters Counters { get; } = new();

    /// <summary>When bytes last came while they could not go past the queue, monotonic nanoseconds.</summary>
    public long LastArrivalNs { get; private set; }

    /// <summary>Bytes go past the queue.</summary>
    protected bool Direct { get; set; } = true;

    /// <summary>Something was put in that ends the stream: everything behind it is dropped.</summary>
    protected bool Sealed { get; private set; }

    /// <summary>The queue was emptied for good; buffers that still arrive are dropped.</summary>
    protected bool Aborted { get; private set; }

    protected bool QueueIsEmpty => _backlog is not { IsEmpty: false } && _messages is not { IsEmpty: false };

    protected bool IsFull => _faults is { } faults && (faults.Stalls || (_backlog?.Bytes ?? 0) + (_messages?.HeldBytes ?? 0) >= MaxBytes(faults));

    protected bool HasFaults => _faults is { IsEmpty: false } || _messages is { IsIdle: false };

    /// <summary>Everything vanishes in this lane; the peer must not learn that it ended.</summary>
    public bool IsBlackholed
    {
        get
        {
            lock (Gate)
                return _faults?.Swallows == true;
        }
    }

    /// <summary>
    /// Puts faults on the lane, all before the next item: what comes with the first of them is for the last of them, too.
    /// Items that are queued already keep their decisions.
    /// </summary>
    public void Add(params ReadOnlySpan<ActiveFault> faults)
    {
        lock (Gate)
        {
            if (Aborted || faults.IsEmpty) return;
            Prepare();
            foreach (var fault in faults)
            {
                if (fault.Definition.Behaviour is ItemFault item) _faults!.Add(Entry(fault, item));
                else if (framed && fault.Definition.Behaviour is MessageFault message) (_messages ??= new MessageStage(this)).Add(Entry(fault, message));
            }
            Direct = false;
        }
        OnFaultsChanged();
    }

    /// <summary>Puts a fault in the place of another of the same type; what the old one decided is released.</summary>
    public void Replace(ActiveFault old, ActiveFault fault)
    {
        lock (Gate)
        {
            if (Aborted) return;
            var replaced = fault.Definition.Behaviour switch
            {
                ItemFault item => _faults?.Replace(old, Entry(fault, item)) == true,
                MessageFault message => _messages?.Replace(old, Entry(fault, message)) == true,
                _ => false,
            };
            if (!replaced) return;
            if (BytesLostTo == old) BytesLostTo = fault;
            _backlog?.Retime(Monotonic.NowNs);
        }
        OnFaultsChanged();
    }

    /// <summary>Takes a fault off: what it held back is released at once.</summary>
    public void Remove(ActiveFault fault)
    {
        lock (Gate)
        {
            var removed = _faults?.Remove(fault) == true | _messages?.Remove(fault) == true;
            if (!removed) return;
            _backlog!.Retime(Monotonic.NowNs);
        }
        OnFaultsChanged();
    }

    /// <summary>Puts a close frame behind the present frame, and drops everything after it.</summary>
    public void InjectClose(byte[] frame, ActiveFault fault)
    {
        lock (Gate)
        {
            if (Aborted || Sealed || _pendingClose is not null) return;
            Prepare();
            Direct = false;
            _pendingClose = frame;
            _pendingCloseFault = fault;
            PutPendingClose();
        }
        OnFaultsChanged();
    }

    /// <summary>Drops what is queued: the connection is gone.</summary>
    public void Abort()
    {
        lock (Gate)
        {
            if (Aborted) return;
            Aborted = true;
            Direct = false;
            _backlog?.Clear();
            _messages?.Clear();
        }
        OnFaultsChanged();
        lock (Gate)
            _drained?.TrySetResult();
    }

    /// <summary>Completes when nothing is queued and nothing is being written.</summary>
    public Task DrainAsync()
    {
        lock (Gate)
        {
            if (Aborted || IsIdle) return Task.CompletedTask;
            _drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _drained.Task;
        }
    }

    /// <summary>Nothing is queued or under way. Called with the gate held.</summary>
    protected abstract bool IsIdle { get; }

    /// <summary>Faults or the queue changed from outside.</summary>
    protected abstract void OnFaultsChanged();

    /// <summary>The head of the queue, or how long to wait for it. Called with the gate held.</summary>
    protected bool TryPeekDue(out LaneEntry entry, out long dueNs)
    {
        entry = default;
        dueNs = long.MaxValue;
        var nowNs = Monotonic.NowNs;
        if (_messages is { } messages)
        {
            messages.ReleaseOverdue(nowNs);
            dueNs = messages.NextDueNs;
        }
        if (_backlog is null || !_backlog.TryPeek(out entry)) return false;
        dueNs = Math.Min(dueNs, entry.DueNs);
        return entry.DueNs <= nowNs;
    }

    /// <summary>When the head of the queue is due, without what messages hold back. Called with the gate held.</summary>
    protected long NextDueNs => _backlog is { } backlog && backlog.TryPeek(out var entry) ? entry.DueNs : long.MaxValue;

    /// <summary>Takes the head off. Called with the gate held.</summary>
    protected LaneEntry Dequeue() => _backlog!.Dequeue();

    /// <summary>Becomes direct again if nothing speaks against it. Called with the gate held.</summary>
    protected void TryGoDirect()
    {
        if (QueueIsEmpty && !HasFaults && !Sealed && !Aborted && _pendingClose is null) Direct = true;
    }

    /// <summary>Called with the gate held.</summary>
    protected void SignalDrained()
    {
        if (_drained is null || !IsIdle) return;
        _drained.TrySetResult();
        _drained = null;
    }

    /// <summary>Accounts for an entry whose last byte was delivered, and gives its buffer back.</summary>
    protected void Released(in LaneEntry entry)
    {
        var nowNs = Monotonic.NowNs;
        switch (entry.Kind)
        {
            case EntryKind.Data:
                Counters.Delivered(entry.Length, nowNs);
                if (framed && entry.EndsItem) FramesDelivered++;
                if (entry.EndsAnswer) Connection.NotePong(nowNs);
                Connection.Link.Overhead.Record(nowNs - Math.Max(entry.ArrivalNs, Math.Min(entry.DueNs, nowNs)));
                break;
            case EntryKind.InjectedClose:
                Counters.Delivered(entry.Length, nowNs);
                Connection.OnCloseSent(this, entry.Item!);
                break;
            case EntryKind.Limit:
                // Not here: the end takes the gates of both lanes.
                ThreadPool.UnsafeQueueUserWorkItem(static limit => limit.Connection.Finish(limit.Fault, 0, 0, FaultAction.Limited), (Connection, entry.Item!.Acts[0].Fault), preferLocal: false);
                break;
        }
        if (entry.Kind is EntryKind.Data or EntryKind.End)
        {
            if (entry.EndsItem && entry.Item is { } item) Report(item, entry.ArrivalNs, nowNs);
            if (entry.EndsMessage && entry.Message is { } message) Report(message, entry.ArrivalNs, nowNs);
        }
        Backlog.Free(entry);
    }

    private void Report(LaneItem item, long arrivalNs, long nowNs)
    {
        foreach (var act in item.Acts)
            Connection.Link.Injected(Connection, act.Fault, Direction, item.Ordinal, act.Action, act.ConfiguredUs, (nowNs - arrivalNs) / 1000, item.Bytes);
    }

    private int MaxBytes(FaultChain faults) => faults.Paces || Connection.Link.Scheduler.Budget.IsUsedUp ? MaxShortBytes : MaxQueuedBytes;

    private void Prepare()
    {
        if (_backlog is not null) return;
        _faults = new FaultChain();
        _backlog = new Backlog(_faults, Connection.Link.Scheduler.Budget);
    }

    private LaneFault Entry(ActiveFault fault, ItemFault behaviour)
    {
        var key = StreamKey.For(Connection.Link.Seed, fault.Name, Connection.Ordinal, Direction);
        return new LaneFault(fault, behaviour, key, fault.ShaperFor(Direction, key), framed ? _frames.Started : _chunks);
    }

    private MessageLaneFault Entry(ActiveFault fault, MessageFault behaviour)
    {
        var key = StreamKey.For(Connection.Link.Seed, fault.Name, Connection.Ordinal, Direction);
        return new MessageLaneFault(fault, behaviour, key, (Pacer?)fault.ShaperFor(Direction, key), _frames.Messages);
    }
}
