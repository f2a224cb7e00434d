using Chaos.Proxy.Faults;
using Chaos.Proxy.WebSockets.Messages;

namespace Chaos.Proxy.Links;

/// <summary>A message fault on one lane.</summary>
internal sealed class MessageLaneFault(ActiveFault fault, MessageFault behaviour, StreamKey key, Pacer? pacer, long firstMessage)
{
    private readonly MessageTarget _target = fault.Definition.Target.Messages;

    public ActiveFault Fault { get; } = fault;

    public MessageFault Behaviour { get; } = behaviour;

    /// <summary>The decision about a message; none where its target leaves the message alone.</summary>
    /// <param name="payload">The readable payload; null where it cannot be read.</param>
    public MessageDecision Decide(Message message, Func<byte[]?> payload)
    {
        if (!_target.Takes(key, message.Ordinal, firstMessage)) return default;
        if (_target.Opcodes.Count > 0 && !_target.Opcodes.Contains(message.IsText ? "text" : "binary")) return default;
        if (_target.Match.Count > 0 && (payload() is not { } bytes || !MessageFields.Match(bytes, _target.Match))) return default;
        return Behaviour.Decide(key, message.Ordinal);
    }

    /// <summary>How long a message waits for its turn, in microseconds.</summary>
    public long WaitUs(long readyNs)
    {
        if (pacer is null) return 0;
        // The pacer says when a message has left; it may begin to leave at once.
        var leftNs = pacer.Release(readyNs, 1);
        return Math.Max(0, leftNs - readyNs - pacer.UnitNs) / 1000;
    }
}

/// <summary>What the message faults of a lane do to a message, all together.</summary>
internal readonly record struct MessageFate(LaneItem? Item, bool Drops, bool Duplicates, bool IsSetAside, long HoldNs, int Gap)
{
    /// <summary>Asks each fault, and alters the message where one does.</summary>
    /// <param name="readable">Its payload can be read (it is not compressed, or can be unpacked by itself).</param>
    public static MessageFate Decide(MessageLaneFault[] faults, Message message, long nowNs, bool readable)
    {
        LaneItem? item = null;
        var (duplicates, aside, holdNs, waitNs, gap) = (false, false, 0L, 0L, 0);
        byte[]? payload = null;
        foreach (var fault in faults)
        {
            var decision = fault.Decide(message, () => payload ??= readable ? MessagePayload.Read(message) : null);
            if (decision.Action == FaultAction.None || !Alters(decision, message)) continue;
            var us = decision.Action == FaultAction.Throttled ? fault.WaitUs(nowNs + waitNs) : decision.DelayUs;
            item ??= new LaneItem(message.Ordinal);
            item.Acts.Add(new Act(fault.Fault, decision.Action, us, !decision.MayBeOvertaken && us > 0));
            switch (decision)
            {
                case { Action: FaultAction.Dropped }:
                    return new MessageFate(item, true, false, false, 0, 0);
                case { Action: FaultAction.Duplicated }:
                    duplicates = true;
                    break;
                case { MayBeOvertaken: true }:
                    aside = true;
                    holdNs = Math.Max(holdNs, us * 1000);
                    gap = Math.Max(gap, decision.Gap);
                    break;
                default:
                    waitNs += us * 1000;
                    break;
            }
        }
        return new MessageFate(item, false, duplicates, aside, holdNs, gap);
    }

    // An empty payload cannot be altered: then nothing happened.
    private static bool Alters(in MessageDecision decision, Message message) => decision.Action switch
    {
        FaultAction.Corrupted => MessagePayload.Corrupt(message, decision.Bits),
        FaultAction.Truncated => MessagePayload.Truncate(message, BitConverter.UInt64BitsToDouble(decision.Bits)),
        _ => true,
    };
}
