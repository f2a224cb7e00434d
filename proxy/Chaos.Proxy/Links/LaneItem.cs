using Chaos.Proxy.Faults;

namespace Chaos.Proxy.Links;

/// <summary>What one fault decided about an item.</summary>
/// <param name="ConfiguredUs">Time that it asked for, in microseconds.</param>
/// <param name="Delays">That time holds the item back, as long as the fault is on the link.</param>
internal record struct Act(ActiveFault Fault, FaultAction Action, long ConfiguredUs, bool Delays);

/// <summary>An item, or a message, that faults acted on. Its bytes may be spread over several entries of the lane.</summary>
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
                if (act.Delays && act.Fault.Active) total += act.ConfiguredUs * 1000;
            }
            return total;
        }
    }

    /// <summary>The item is shaped by a fault, which made it wait that long (the last piece counts).</summary>
    public void Shaped(ActiveFault fault, long waitUs)
    {
        for (var i = 0; i < Acts.Count; i++)
        {
            if (Acts[i].Fault == fault) Acts[i] = Acts[i] with { ConfiguredUs = waitUs };
        }
    }

    public bool Has(ActiveFault fault)
    {
        foreach (var act in Acts)
        {
            if (act.Fault == fault) return true;
        }
        return false;
    }
}

internal enum EntryKind
{
    Data,

    /// <summary>The sender ended its direction.</summary>
    End,

    /// <summary>A close frame put in by a fault; nothing follows it.</summary>
    InjectedClose,

    /// <summary>The limit of a fault was reached: the connection ends here.</summary>
    Limit,
}

/// <summary>Bytes in a lane, waiting for their time.</summary>
internal struct LaneEntry
{
    public EntryKind Kind;
    public byte[] Buffer;
    public int Length;
    public int Taken;

    /// <summary>When the bytes came.</summary>
    public long ArrivalNs;

    /// <summary>From when delays count: later than the arrival for a message that had to be complete first.</summary>
    public long ReadyNs;

    public long DueNs;

    /// <summary>What transport faults decided about the chunk or frame.</summary>
    public LaneItem? Item;

    /// <summary>What message faults decided about the message.</summary>
    public LaneItem? Message;

    public bool EndsItem;
    public bool EndsMessage;

    /// <summary>Its last byte is that of a heartbeat's answer.</summary>
    public bool EndsAnswer;
}
