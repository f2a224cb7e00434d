using System.Buffers;
using Chaos.Proxy.Faults;
using Chaos.Proxy.WebSockets;

namespace Chaos.Proxy.Links;

/// <summary>
/// One direction of one connection: a queue of items with the time each is due. While no fault is on it and nothing is
/// queued, bytes go past it (see <see cref="Direct"/>). This class holds the rules; the two ways of driving it, pushed
/// by a writer or pulled by a reader, derive from it.
/// </summary>
internal abstract class Lane(LinkConnection connection, Direction direction, bool framed)
{
    /// <summary>Bytes in a lane before the sender has to wait, as the buffers of a long path would hold.</summary>
    public const int MaxQueuedBytes = 4 * 1024 * 1024;

    /// <summary>The same on a paced lane: queues of routers are short, and each byte in it waits long.</summary>
    public const int MaxPacedBytes = 64 * 1024;

    private readonly Queue<LaneEntry> _queue = new(0);
    private LaneFault[] _chain = [];
    private FrameReader _frames;
    private LaneItem? _item;
    private long _chunks;
    private long _framesQueued;
    private long _lastDueNs;
    private bool _closeNoted;
    private byte[]? _pendingClose;
    private ActiveFault? _pendingCloseFault;
    private TaskCompletionSource? _drained;

    protected Lock Gate { get; } = new();

    /// <summary>Wakes whoever waits for the head of the queue.</summary>
    protected DueSignal Signal { get; } = new(connection.Link.Scheduler);

    public LinkConnection Connection { get; } = connection;

    public Direction Direction { get; } = direction;

    public LaneCounters Counters { get; } = new();

    /// <summary>Frames delivered (0 for TCP).</summary>
    public long FramesDelivered => framed ? Math.Max(0, _frames.Completed - _framesQueued - SwallowedFrames) : 0;

    public bool CloseSeen => _frames.Closed;

    public int? CloseCode => _frames.CloseCode;

    public string? CloseReason => _frames.CloseReason;

    /// <summary>The close frame that was seen was swallowed, so the peer does not know of it.</summary>
    public bool CloseSwallowed { get; private set; }

    /// <summary>The fault that swallowed bytes of this lane, if any were.</summary>
    public ActiveFault? BytesLostTo { get; private set; }

    private long SwallowedFrames { get; set; }

    /// <summary>Bytes go past the queue.</summary>
    protected bool Direct { get; set; } = true;

    /// <summary>A close frame was put in: everything behind it is dropped.</summary>
    protected bool Sealed { get; private set; }

    /// <summary>The queue was emptied for good; buffers that still arrive are dropped.</summary>
    protected bool Aborted { get; private set; }

    protected int QueuedBytes { get; private set; }

    protected bool QueueIsEmpty => _queue.Count == 0;

    protected bool IsFull => QueuedBytes >= (HasPacer ? MaxPacedBytes : MaxQueuedBytes);

    protected bool HasFaults => _chain.Length > 0;

    private bool HasPacer => Array.Exists(_chain, fault => fault.Pacer is not null);

    /// <summary>A black hole is on this lane.</summary>
    public bool IsBlackholed
    {
        get
        {
            lock (Gate)
                return Blackhole is not null;
        }
    }

    private LaneFault? Blackhole => Array.Find(_chain, fault => fault.Behaviour is BlackholeFault);

    /// <summary>Puts a fault on the lane. Items that are queued already keep their decisions.</summary>
    public void Add(ActiveFault fault)
    {
        lock (Gate)
        {
            if (Aborted) return;
            _chain = [.. _chain, new LaneFault(fault, StreamKey.For(Connection.Link.Seed, fault.Name, Connection.Ordinal, Direction), fault.PacerFor(Direction))];
            Direct = false;
        }
        OnFaultsChanged();
    }

    /// <summary>Takes a fault off: what it held back is released at once.</summary>
    public void Remove(ActiveFault fault)
    {
        lock (Gate)
        {
            var rest = Array.FindAll(_chain, entry => entry.Fault != fault);
            if (rest.Length == _chain.Length) return;
            _chain = rest;
            Retime(Monotonic.NowNs);
        }
        OnFaultsChanged();
    }

    /// <summary>Puts a close frame behind the present frame, and drops everything after it.</summary>
    public void InjectClose(byte[] frame, ActiveFault fault)
    {
        lock (Gate)
        {
            if (Aborted || Sealed || _pendingClose is not null) return;
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
            while (_queue.TryDequeue(out var entry))
                Free(entry);
            QueuedBytes = 0;
            _framesQueued = 0;
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

    /// <summary>Follows bytes that go past the queue. Called with the gate held.</summary>
    protected void Follow(ReadOnlySpan<byte> data)
    {
        if (!framed)
        {
            _chunks++;
            return;
        }
        while (!data.IsEmpty)
            data = data[_frames.Next(data).Length..];
        NoteClose();
    }

    private void NoteClose()
    {
        if (_closeNoted || !_frames.Closed) return;
        _closeNoted = true;
        if (!CloseSwallowed) Connection.NoteClose(Direction);
    }

    /// <summary>Queues bytes, each item with its decision. Called with the gate held.</summary>
    protected void Enqueue(ReadOnlySpan<byte> data, long arrivalNs)
    {
        while (!data.IsEmpty && !Aborted && !Sealed)
        {
            var part = framed ? _frames.Next(data) : new FramePart(data.Length, true, true);
            if (part.Starts) _item = Decide(framed ? _frames.Started - 1 : _chunks++);
            EnqueuePart(data[..part.Length], part, arrivalNs);
            data = data[part.Length..];
            if (!part.Ends) continue;
            NoteClose();
            PutPendingClose();
        }
    }

    /// <summary>Queues the end of the direction behind everything else. Called with the gate held.</summary>
    protected void EnqueueEnd(long arrivalNs)
    {
        if (Aborted || Sealed) return;
        var delayNs = 0L;
        foreach (var fault in _chain)
            delayNs += fault.Behaviour is LatencyFault latency ? latency.Decide(fault.Key, framed ? _frames.Started : _chunks).DelayUs * 1000 : 0;
        // Behind a black hole nobody learns of the end, until the hole is lifted.
        var dueNs = Blackhole is not null ? long.MaxValue : Math.Max(_lastDueNs, arrivalNs + delayNs);
        Append(new LaneEntry { Kind = EntryKind.End, Buffer = [], ArrivalNs = arrivalNs, DueNs = dueNs });
    }

    /// <summary>The head of the queue, or how long to wait for it. Called with the gate held.</summary>
    protected bool TryPeekDue(out LaneEntry entry, out long dueNs)
    {
        if (!_queue.TryPeek(out entry))
        {
            dueNs = long.MaxValue;
            return false;
        }
        dueNs = entry.DueNs;
        return dueNs <= Monotonic.NowNs;
    }

    /// <summary>Takes the head off. Called with the gate held.</summary>
    protected LaneEntry Dequeue()
    {
        var entry = _queue.Dequeue();
        QueuedBytes -= entry.Length;
        if (entry.EndsItem && framed && entry.Kind == EntryKind.Data) _framesQueued--;
        return entry;
    }

    /// <summary>Becomes direct again if nothing speaks against it. Called with the gate held.</summary>
    protected void TryGoDirect()
    {
        if (_queue.Count == 0 && _chain.Length == 0 && !Sealed && !Aborted && _pendingClose is null) Direct = true;
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
        if (entry.Kind == EntryKind.Data)
        {
            Counters.Delivered(entry.Length, nowNs);
            Connection.Link.Overhead.Record(nowNs - Math.Max(entry.ArrivalNs, Math.Min(entry.DueNs, nowNs)));
            if (entry.Item is { } item && entry.EndsItem) Report(item, entry.ArrivalNs, nowNs);
        }
        else if (entry.Kind == EntryKind.InjectedClose)
        {
            Counters.Delivered(entry.Length, nowNs);
        }
        Free(entry);
    }

    private void Report(LaneItem item, long arrivalNs, long nowNs)
    {
        foreach (var act in item.Acts)
            Connection.Link.Injected(Connection, act.Fault, Direction, item.Ordinal, act.Action, act.ConfiguredUs, (nowNs - arrivalNs) / 1000, item.Bytes);
    }

    private LaneItem? Decide(long ordinal)
    {
        if (_chain.Length == 0) return null;
        LaneItem? item = null;
        foreach (var fault in _chain)
        {
            var decision = fault.Behaviour.Decide(fault.Key, ordinal);
            if (decision.Action == FaultAction.None) continue;
            item ??= new LaneItem(ordinal);
            if (decision.Action == FaultAction.Swallowed)
            {
                // Nothing else can happen to it.
                item.Acts.Clear();
                item.SwallowedBy = fault.Fault;
                item.Acts.Add(new Act(fault.Fault, decision.Action, 0));
                return item;
            }
            item.Acts.Add(new Act(fault.Fault, decision.Action, decision.DelayUs));
        }
        return item;
    }

    private void EnqueuePart(ReadOnlySpan<byte> bytes, FramePart part, long arrivalNs)
    {
        if (_item is not null) _item.Bytes += bytes.Length;
        if (_item?.SwallowedBy is { } hole)
        {
            BytesLostTo ??= hole;
            if (!part.Ends) return;
            SwallowedFrames++;
            if (framed && _frames.Closed && _frames.Opcode == FrameReader.CloseOpcode) CloseSwallowed = true;
            Report(_item, arrivalNs, arrivalNs);
            return;
        }
        var starts = part.Starts;
        while (true)
        {
            var piece = Math.Min(bytes.Length, PieceBytes);
            var last = piece == bytes.Length;
            var buffer = ArrayPool<byte>.Shared.Rent(piece);
            bytes[..piece].CopyTo(buffer);
            var dueNs = DueFor(_item, arrivalNs, piece);
            Append(new LaneEntry
            {
                Buffer = buffer, Length = piece, ArrivalNs = arrivalNs, DueNs = dueNs, Item = _item, StartsItem = starts, EndsItem = part.Ends && last,
            });
            starts = false;
            if (last) break;
            bytes = bytes[piece..];
        }
        if (part.Ends && framed) _framesQueued++;
    }

    private int PieceBytes
    {
        get
        {
            var bytes = int.MaxValue;
            foreach (var fault in _chain)
                bytes = Math.Min(bytes, fault.Pacer?.PieceBytes ?? int.MaxValue);
            return bytes;
        }
    }

    private long DueFor(LaneItem? item, long arrivalNs, int bytes)
    {
        var dueNs = arrivalNs + (item?.ActiveDelayNs ?? 0);
        foreach (var fault in _chain)
        {
            if (fault.Pacer is null) continue;
            var pacedNs = fault.Pacer.Release(dueNs, bytes);
            if (item is not null) AddThrottle(item, fault.Fault, (pacedNs - dueNs) / 1000);
            dueNs = pacedNs;
        }
        // Order is kept: what is behind a late item is late too.
        return _lastDueNs = Math.Max(_lastDueNs, dueNs);
    }

    // The last piece of an item waits longest; that is what the item waited.
    private static void AddThrottle(LaneItem item, ActiveFault fault, long waitUs)
    {
        for (var i = 0; i < item.Acts.Count; i++)
        {
            if (item.Acts[i].Fault == fault) item.Acts[i] = item.Acts[i] with { ConfiguredUs = waitUs };
        }
    }

    // Due times are worked out anew from what is left on the lane.
    private void Retime(long nowNs)
    {
        _lastDueNs = 0;
        foreach (var fault in _chain)
        {
            if (!fault.Fault.IsShared) fault.Pacer?.Rewind(nowNs);
        }
        var count = _queue.Count;
        for (var i = 0; i < count; i++)
        {
            var entry = _queue.Dequeue();
            if (entry.Kind == EntryKind.Data)
            {
                var dueNs = entry.ArrivalNs + (entry.Item?.ActiveDelayNs ?? 0);
                foreach (var fault in _chain)
                    dueNs = fault.Pacer is null ? dueNs : fault.Fault.IsShared ? Math.Max(dueNs, entry.DueNs) : fault.Pacer.Release(Math.Max(dueNs, nowNs), entry.Length);
                entry.DueNs = _lastDueNs = Math.Max(_lastDueNs, dueNs);
            }
            else if (entry.Kind == EntryKind.InjectedClose || Blackhole is null) entry.DueNs = Math.Max(_lastDueNs, entry.ArrivalNs);
            _queue.Enqueue(entry);
        }
    }

    private void PutPendingClose()
    {
        if (_pendingClose is null || !_frames.AtBoundary) return;
        var nowNs = Monotonic.NowNs;
        Append(new LaneEntry
        {
            Kind = EntryKind.InjectedClose, Buffer = _pendingClose, Length = _pendingClose.Length, ArrivalNs = nowNs, DueNs = Math.Max(_lastDueNs, nowNs),
            Item = new LaneItem(_frames.Started) { Bytes = _pendingClose.Length, Acts = { new Act(_pendingCloseFault!, FaultAction.Closed, 0) } },
        });
        _pendingClose = null;
        Sealed = true;
    }

    private void Append(in LaneEntry entry)
    {
        _queue.Enqueue(entry);
        QueuedBytes += entry.Length;
    }

    private static void Free(in LaneEntry entry)
    {
        if (entry.Kind == EntryKind.Data) ArrayPool<byte>.Shared.Return(entry.Buffer);
    }

    private sealed record LaneFault(ActiveFault Fault, StreamKey Key, Pacer? Pacer)
    {
        // An update of a toxic replaces the behaviour under the same name.
        public ItemFault Behaviour { get; } = (ItemFault)Fault.Definition.Behaviour;
    }
}
