using System.Buffers;
using Chaos.Proxy.Faults;
using Chaos.Proxy.WebSockets;
using Chaos.Proxy.WebSockets.Messages;

namespace Chaos.Proxy.Links;

/// <summary>How bytes come into a lane: split into items, decided about, queued.</summary>
internal abstract partial class Lane
{
    private FrameReader _frames;
    private long _chunks;
    private LaneItem? _item;
    private ActiveFault? _controlDroppedBy;
    private bool _collecting;
    private bool _closeNoted;
    private byte[]? _pendingClose;
    private ActiveFault? _pendingCloseFault;

    /// <summary>Frames delivered (0 for TCP).</summary>
    public long FramesDelivered { get; private set; }

    /// <summary>Frames that were seen, by opcode.</summary>
    public OpcodeCounters Seen { get; } = new();

    /// <summary>A frame has passed in part: until its end nothing may be put behind it.</summary>
    internal bool IsWithinFrame { get; private set; }

    public bool CloseSeen => _frames.Closed;

    public int? CloseCode => _frames.CloseCode;

    public string? CloseReason => _frames.CloseReason;

    /// <summary>The close frame that was seen was swallowed, so the peer does not know of it.</summary>
    public bool CloseSwallowed { get; private set; }

    /// <summary>The fault that swallowed bytes of this lane, if any were.</summary>
    public ActiveFault? BytesLostTo { get; private set; }

    /// <summary>Follows bytes that go past the queue. Called with the gate held.</summary>
    protected void Follow(ReadOnlySpan<byte> data)
    {
        Counters.Arrived(data.Length);
        if (!framed)
        {
            _chunks++;
            return;
        }
        while (!data.IsEmpty)
        {
            var part = _frames.Next(data);
            data = data[part.Length..];
            if (!part.Ends) continue;
            FramesDelivered++;
            NoteFrame();
            if (IsAnswer) Connection.NotePong(Monotonic.NowNs);
        }
    }

    /// <summary>Queues bytes, each item with its decision. Called with the gate held.</summary>
    protected void Enqueue(ReadOnlySpan<byte> data, long arrivalNs)
    {
        Counters.Arrived(data.Length);
        Prepare();
        LastArrivalNs = arrivalNs;
        while (!data.IsEmpty && !Aborted && !Sealed)
        {
            var part = framed ? _frames.Next(data) : new FramePart(data.Length, true, true);
            if (part.Starts) StartItem();
            Take(data[..part.Length], part, arrivalNs);
            data = data[part.Length..];
            if (!part.Ends) continue;
            if (framed) NoteFrame();
            PutPendingClose();
        }
    }

    /// <summary>Queues the end of the direction behind everything else. Called with the gate held.</summary>
    protected void EnqueueEnd(long arrivalNs)
    {
        if (Aborted || Sealed) return;
        Prepare();
        _messages?.Flush();
        var item = _faults!.DecideEnd(framed ? _frames.Started : _chunks);
        _backlog!.Append(new LaneEntry { Kind = EntryKind.End, Buffer = [], ArrivalNs = arrivalNs, ReadyNs = arrivalNs, Item = item, EndsItem = item?.Acts.Exists(act => act.Fault.Definition.Behaviour is SlowCloseFault) == true });
    }

    /// <summary>The frames of a message go on to the transport. Called with the gate held.</summary>
    /// <param name="messageItem">What message faults decided about it.</param>
    /// <param name="isCopy">It is delivered a second time: no fault decides about that again.</param>
    internal void PassFrames(Message message, LaneItem? messageItem, long arrivalNs, long readyNs = 0, bool isCopy = false)
    {
        if (messageItem is not null) messageItem.Bytes = message.Length;
        for (var i = 0; i < message.Frames.Count; i++)
        {
            var frame = message.Frames[i];
            Queue(message.Bytes.Slice(frame.Offset, frame.Length), isCopy ? null : frame.Item, messageItem, true, i == message.Frames.Count - 1, arrivalNs, Math.Max(readyNs, arrivalNs));
        }
    }

    /// <summary>The beginning of a frame that was collected so far goes on; its rest follows as it comes.</summary>
    internal void PassRest(Message message, long arrivalNs)
    {
        var complete = message.Frames.Count == 0 ? 0 : message.Frames[^1].Offset + message.Frames[^1].Length;
        if (complete == message.Length) return;
        Queue(message.Bytes[complete..], _item, null, false, false, arrivalNs, arrivalNs);
        IsWithinFrame = true;
    }

    /// <summary>A message vanishes. Called with the gate held.</summary>
    internal void Drop(Message message, LaneItem item, long arrivalNs)
    {
        item.Bytes = message.Length;
        Report(item, arrivalNs, arrivalNs);
    }

    private void StartItem()
    {
        _item = _faults!.Decide(framed ? _frames.Started - 1 : _chunks++);
        (_collecting, _controlDroppedBy) = (false, null);
        if (_messages is null || _item?.SwallowedBy is not null) return;
        _controlDroppedBy = _messages.Drops(_frames);
        _collecting = _messages.Collects(_frames);
    }

    private void Take(ReadOnlySpan<byte> bytes, FramePart part, long arrivalNs)
    {
        if (_controlDroppedBy is { } dropper) Swallow(new Act(dropper, FaultAction.Dropped, 0, false), bytes, part, arrivalNs);
        else if (_item?.SwallowedBy is { } hole)
        {
            BytesLostTo ??= hole;
            Swallow(_item.Acts[0], bytes, part, arrivalNs);
        }
        else if (_collecting && _messages!.IsCollecting) _collecting = _messages.Collect(bytes, part, _frames, _item, arrivalNs);
        else
        {
            Queue(bytes, _item, null, part.Ends, false, arrivalNs, arrivalNs);
            IsWithinFrame = framed && !part.Ends;
            if (part.Ends) _messages?.OnFrameEnd();
        }
    }

    private void Swallow(Act act, ReadOnlySpan<byte> bytes, FramePart part, long arrivalNs)
    {
        if (_item is null || _item.Acts.Count != 1 || _item.Acts[0] != act)
        {
            _item = new LaneItem(_frames.Started - 1);
            _item.Acts.Add(act);
        }
        _item.Bytes += bytes.Length;
        if (!part.Ends) return;
        if (framed && _frames.Closed && _frames.Opcode == FrameReader.CloseOpcode) CloseSwallowed = true;
        Report(_item, arrivalNs, arrivalNs);
    }

    private void Queue(ReadOnlySpan<byte> bytes, LaneItem? item, LaneItem? message, bool endsItem, bool endsMessage, long arrivalNs, long readyNs)
    {
        if (item is not null) item.Bytes += bytes.Length;
        var passing = _faults!.Limit(bytes.Length, out var limit);
        if (passing < bytes.Length) endsItem = endsMessage = false;
        bytes = bytes[..passing];
        while (!bytes.IsEmpty)
        {
            var piece = _faults.NextPiece(item, bytes.Length);
            var last = piece == bytes.Length;
            var buffer = ArrayPool<byte>.Shared.Rent(piece);
            bytes[..piece].CopyTo(buffer);
            _backlog!.Append(new LaneEntry
            {
                Buffer = buffer, Length = piece, ArrivalNs = arrivalNs, ReadyNs = readyNs, Item = item, Message = message, EndsItem = endsItem && last, EndsMessage = endsMessage && last,
                EndsAnswer = endsItem && last && message is null && IsAnswer,
            });
            bytes = bytes[piece..];
        }
        if (limit is not null) Seal(EntryKind.Limit, [], limit, FaultAction.Limited);
    }

    /// <summary>The frame that was read last may answer a heartbeat of the upstream.</summary>
    private bool IsAnswer => framed && Direction == Direction.Upstream && Heartbeat.IsPong(_frames);

    private void NoteFrame()
    {
        Seen.Count(_frames.Opcode);
        if (Direction == Direction.Downstream && Heartbeat.IsPing(_frames)) Connection.NotePing(Monotonic.NowNs);
        if (_frames.IsControl) Connection.NoteControl(Direction, _frames.Opcode);
        if (_closeNoted || !_frames.Closed) return;
        _closeNoted = true;
        if (!CloseSwallowed) Connection.NoteClose(Direction);
    }

    private void PutPendingClose()
    {
        if (_pendingClose is null || Sealed || !_frames.AtBoundary) return;
        _messages?.Flush();
        Seal(EntryKind.InjectedClose, _pendingClose, _pendingCloseFault!, FaultAction.Closed);
        _pendingClose = null;
    }

    private void Seal(EntryKind kind, byte[] bytes, ActiveFault fault, FaultAction action)
    {
        var nowNs = Monotonic.NowNs;
        var item = new LaneItem(framed ? _frames.Started : _chunks) { Bytes = bytes.Length };
        item.Acts.Add(new Act(fault, action, 0, false));
        _backlog!.Append(new LaneEntry { Kind = kind, Buffer = bytes, Length = bytes.Length, ArrivalNs = nowNs, ReadyNs = nowNs, Item = item });
        Sealed = true;
    }
}
