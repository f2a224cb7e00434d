using Chaos.Proxy.Faults;

namespace Chaos.Proxy.Links;

/// <summary>A fault on one lane, with what it has to remember there.</summary>
internal sealed class LaneFault(ActiveFault fault, ItemFault behaviour, StreamKey key, Shaper? shaper, long firstItem)
{
    private readonly MessageTarget _target = fault.Definition.Target.Messages;

    public ActiveFault Fault { get; } = fault;

    public ItemFault Behaviour { get; } = behaviour;

    public StreamKey Key { get; } = key;

    public Shaper? Shaper { get; } = shaper;

    /// <summary>Bytes that it has let pass, for one with a limit.</summary>
    public long Passed { get; set; }

    /// <summary>The decision about an item; none where its target leaves the item alone.</summary>
    public Decision Decide(long item) => _target.Takes(Key, item, firstItem) ? Behaviour.Decide(Key, item) : Decision.Pass;
}
