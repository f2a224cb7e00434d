using Chaos.Proxy.Faults;
using Chaos.Proxy.WebSockets;
using Chaos.Proxy.WebSockets.Messages;

namespace Chaos.Proxy.Links;

/// <summary>
/// The message faults on one lane. Frames are collected until their message is complete, as only then it can be matched,
/// doubled, moved or altered; then it goes on to the transport. Used with the lane's gate held.
/// </summary>
internal sealed class MessageStage(Lane lane)
{
    /// <summary>A longer message is passed on untouched: it would have to be kept in memory.</summary>
    public const int MaxMessageBytes = 1024 * 1024;

    /// <summary>A message of more frames is passed on untouched, too: even an empty frame takes memory.</summary>
    public const int MaxMessageFrames = 16 * 1024;

    private readonly List<HeldMessage> _held = [];
    private MessageLaneFault[] _faults = [];
    private Message? _current;

    /// <summary>No fault is on it, and nothing is in it.</summary>
    public bool IsIdle => _faults.Length == 0 && IsEmpty;

    /// <summary>A message is being collected.</summary>
    public bool IsCollecting => _current is not null;

    public bool IsEmpty => _current is null && _held.Count == 0;

    /// <summary>When a held message goes on at the latest.</summary>
    public long NextDueNs
    {
        get
        {
            var next = long.MaxValue;
            // Nothing goes on within a frame that passes; its end lets them go.
            if (lane.IsWithinFrame) return next;
            foreach (var held in _held) next = Math.Min(next, held.DueNs);
            return next;
        }
    }

    public int HeldBytes
    {
        get
        {
            var bytes = _current?.Length ?? 0;
            foreach (var held in _held) bytes += held.Message.Length;
            return bytes;
        }
    }

    public void Add(MessageLaneFault fault) => _faults = [.. _faults, fault];

    public bool Replace(ActiveFault old, MessageLaneFault fault)
    {
        var at = Array.FindIndex(_faults, entry => entry.Fault == old);
        if (at < 0) return false;
        _faults = [.. _faults[..at], fault, .. _faults[(at + 1)..]];
        return true;
    }

    /// <summary>Takes a fault off; messages that it held go on.</summary>
    public bool Remove(ActiveFault fault)
    {
        var rest = Array.FindAll(_faults, entry => entry.Fault != fault);
        if (rest.Length == _faults.Length) return false;
        _faults = rest;
        foreach (var held in _held.FindAll(held => held.Item.Has(fault))) held.DueNs = 0;
        OnFrameEnd();
        return true;
    }

    /// <summary>A frame that was not collected has passed whole: what had to wait for its end goes on.</summary>
    public void OnFrameEnd()
    {
        if (lane.IsWithinFrame) return;
        ReleaseOverdue(Monotonic.NowNs);
        if (_faults.Length == 0) PassCurrent();
    }

    /// <summary>The frame that starts now is to be collected.</summary>
    public bool Collects(in FrameReader frames)
    {
        if (frames.IsControl) return false;
        var startsMessage = frames.Opcode != 0;
        // A message whose end never came (its last fragments were swallowed) goes on as it is.
        if (startsMessage) PassCurrent();
        if (startsMessage && _faults.Length > 0) _current = new Message(frames.Messages - 1, frames.FirstByte);
        return _current is not null;
    }

    /// <summary>The fault that swallows a control frame which starts now, if one does.</summary>
    public ActiveFault? Drops(in FrameReader frames)
    {
        if (!frames.IsControl) return null;
        // Nothing may follow a close frame, so what is held goes first.
        if (frames.Opcode == FrameReader.CloseOpcode) Flush();
        foreach (var fault in _faults)
        {
            if (fault.Behaviour.DropsControl(frames.Opcode)) return fault.Fault;
        }
        return null;
    }

    /// <summary>Collects a part of a frame.</summary>
    /// <returns>False where the message got too long: the rest of the frame is to be passed on as it comes.</returns>
    public bool Collect(ReadOnlySpan<byte> bytes, in FramePart part, in FrameReader frames, LaneItem? item, long arrivalNs)
    {
        var message = _current!;
        message.Append(bytes);
        if (part.Ends)
        {
            message.EndFrame(frames.HeaderLength, item);
            if (!frames.InMessage) Complete(arrivalNs);
            else if (IsTooLong(message)) PassCurrent();
        }
        else if (IsTooLong(message))
        {
            PassCurrent();
            return false;
        }
        return true;
    }

    private static bool IsTooLong(Message message) => message.Length > MaxMessageBytes || message.Frames.Count > MaxMessageFrames;

    /// <summary>Lets held messages go on whose time has come.</summary>
    public void ReleaseOverdue(long nowNs)
    {
        if (_held.Count > 0 && !lane.IsWithinFrame) GoOn(held => held.DueNs <= nowNs);
    }

    /// <summary>The rest of what has begun will not come: nothing waits for it.</summary>
    public void PassPartial()
    {
        if (_current is not null || lane.IsWithinFrame) Flush();
    }

    /// <summary>Everything in it goes on, in order: a close frame or the end of the direction comes.</summary>
    public void Flush()
    {
        if (lane.IsWithinFrame)
        {
            // The stream is torn; what followed would be taken for the rest of its last frame.
            Clear();
            return;
        }
        GoOn(_ => true);
        PassCurrent();
    }

    public void Clear()
    {
        foreach (var held in _held) held.Message.Free();
        _held.Clear();
        _current?.Free();
        _current = null;
    }

    private void Complete(long nowNs)
    {
        var message = _current!;
        _current = null;
        var fate = MessageFate.Decide(_faults, message, nowNs, lane.Connection.CanReadMessage(message));
        if (fate.Drops)
        {
            lane.Drop(message, fate.Item!, nowNs);
            message.Free();
            return;
        }
        if (fate.IsSetAside)
        {
            _held.Add(new HeldMessage(message, fate, nowNs));
            return;
        }
        Pass(message, fate, nowNs, nowNs);
        foreach (var held in _held) held.Gap--;
        GoOn(held => held.Gap == 0);
    }

    private void Pass(Message message, in MessageFate fate, long arrivalNs, long nowNs)
    {
        lane.PassFrames(message, fate.Item, arrivalNs, nowNs);
        if (fate.Duplicates) lane.PassFrames(message, null, arrivalNs, nowNs, isCopy: true);
        message.Free();
    }

    private void GoOn(Predicate<HeldMessage> which)
    {
        if (_held.Count == 0) return;
        var nowNs = Monotonic.NowNs;
        var going = _held.FindAll(which);
        _held.RemoveAll(which);
        foreach (var held in going) Pass(held.Message, held.Fate, held.ArrivalNs, nowNs);
    }

    // What was collected so far goes on; the frame that is under way follows by itself.
    private void PassCurrent()
    {
        if (_current is not { } message) return;
        _current = null;
        var nowNs = Monotonic.NowNs;
        lane.PassFrames(message, null, nowNs);
        lane.PassRest(message, nowNs);
        message.Free();
    }

    private sealed class HeldMessage(Message message, MessageFate fate, long arrivalNs)
    {
        public Message Message { get; } = message;

        public MessageFate Fate { get; } = fate;

        public LaneItem Item => Fate.Item!;

        public long ArrivalNs { get; } = arrivalNs;

        public long DueNs { get; set; } = arrivalNs + fate.HoldNs;

        /// <summary>Later messages that still go first; below 0 where only time counts.</summary>
        public int Gap { get; set; } = fate.Gap;
    }
}
