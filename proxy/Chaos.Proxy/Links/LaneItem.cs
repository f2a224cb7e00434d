using Chaos.Proxy.Faults;

namespace Chaos.Proxy.Links;

/// <summary>What one fault decided about an item.</summary>
internal record struct Act(ActiveFault Fault, FaultAction Action, long ConfiguredUs);

/// <summary>An item that faults acted on. Its bytes may be spread over several entries of the lane.</summary>
internal sealed class LaneItem(long ordinal)
{
    public long Ordinal { get; } = ordinal;

    public List<Act> Acts { get; } = new(1);

    public int Bytes { get; set; }

    /// <summary>The fault that swallows it, if one does.</summary>
    public ActiveFault? SwallowedBy { get; set; }

    /// <summary>Delay asked for by faults that are still on the link, in nanoseconds.</summary>
    public long ActiveDelayNs
    {
        get
        {
            var total = 0L;
            foreach (var act in Acts)
            {
                if (act.Fault.Active && act.Action is FaultAction.Delayed or FaultAction.Lost) total += act.ConfiguredUs * 1000;
            }
            return total;
        }
    }
}

internal enum EntryKind
{
    Data,

    /// <summary>The sender ended its direction.</summary>
    End,

    /// <summary>A close frame put in by a fault; nothing follows it.</summary>
    InjectedClose,
}

/// <summary>Bytes in a lane, waiting for their time.</summary>
internal struct LaneEntry
{
    public EntryKind Kind;
    public byte[] Buffer;
    public int Length;
    public int Taken;
    public long ArrivalNs;
    public long DueNs;
    public LaneItem? Item;
    public bool EndsItem;
    public bool StartsItem;
}
