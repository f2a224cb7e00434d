using Chaos.Proxy.Faults;

namespace Chaos.Proxy.Links;

/// <summary>The transport faults on one lane, and the times that follow from them. Used with the lane's gate held.</summary>
internal sealed class FaultChain
{
    private LaneFault[] _faults = [];
    private long _lastDueNs;

    public bool IsEmpty => _faults.Length == 0;

    /// <summary>Nothing is read, and nothing goes on.</summary>
    public bool Stalls => Array.Exists(_faults, fault => fault.Behaviour.Stalls);

    /// <summary>Everything vanishes, the end of the stream included.</summary>
    public bool Swallows => Array.Exists(_faults, fault => fault.Behaviour.Swallows);

    /// <summary>A fault lets bytes through slowly.</summary>
    public bool Paces => Array.Exists(_faults, fault => fault.Shaper is Pacer);

    public void Add(LaneFault fault) => _faults = [.. _faults, fault];

    public bool Remove(ActiveFault fault)
    {
        var rest = Array.FindAll(_faults, entry => entry.Fault != fault);
        if (rest.Length == _faults.Length) return false;
        _faults = rest;
        return true;
    }

    /// <summary>Puts a fault in the place of another of the same name, which hands on its count of bytes.</summary>
    public bool Replace(ActiveFault old, LaneFault fault)
    {
        var at = Array.FindIndex(_faults, entry => entry.Fault == old);
        if (at < 0) return false;
        fault.Passed = _faults[at].Passed;
        var faults = (LaneFault[])_faults.Clone();
        faults[at] = fault;
        _faults = faults;
        return true;
    }

    /// <summary>What the faults decide about an item; null where none of them acts on it.</summary>
    public LaneItem? Decide(long ordinal)
    {
        LaneItem? item = null;
        foreach (var fault in _faults)
        {
            var decision = fault.Decide(ordinal);
            if (decision.Action == FaultAction.None) continue;
            item ??= new LaneItem(ordinal);
            if (decision.Action == FaultAction.Swallowed)
            {
                // Nothing else can happen to it.
                item.Acts.Clear();
                item.SwallowedBy = fault.Fault;
                item.Acts.Add(new Act(fault.Fault, decision.Action, 0, false));
                return item;
            }
            item.Acts.Add(new Act(fault.Fault, decision.Action, decision.DelayUs, decision.Action is FaultAction.Delayed or FaultAction.Lost));
        }
        return item;
    }

    /// <summary>What the faults decide about the end of the stream; null where they let it pass.</summary>
    public LaneItem? DecideEnd(long ordinal)
    {
        LaneItem? item = null;
        foreach (var fault in _faults)
        {
            var delayUs = fault.Behaviour.EndDelayUs(fault.Key, ordinal);
            if (delayUs > 0) (item ??= new LaneItem(ordinal)).Acts.Add(new Act(fault.Fault, FaultAction.Delayed, delayUs, true));
        }
        return item;
    }

    /// <summary>How many of the bytes at hand pass before a limit; the fault whose limit it is, or null.</summary>
    public int Limit(int bytes, out ActiveFault? reached)
    {
        reached = null;
        foreach (var fault in _faults)
        {
            if (fault.Behaviour.ByteLimit is not { } limit || limit - fault.Passed > bytes) continue;
            bytes = (int)Math.Max(0, limit - fault.Passed);
            reached = fault.Fault;
        }
        foreach (var fault in _faults)
            fault.Passed += bytes;
        return bytes;
    }

    /// <summary>How many of the bytes at hand leave as the next piece.</summary>
    public int NextPiece(LaneItem? item, int available)
    {
        foreach (var fault in _faults)
        {
            if (fault.Shaper is not null && item?.Has(fault.Fault) == true) available = fault.Shaper.NextPiece(available);
        }
        return available;
    }

    /// <summary>When a piece is due. Order is kept: what is behind a late item is late too.</summary>
    public long DueFor(in LaneEntry entry)
    {
        var dueNs = entry.ReadyNs + (entry.Item?.ActiveDelayNs ?? 0) + (entry.Message?.ActiveDelayNs ?? 0);
        foreach (var fault in _faults)
        {
            if (fault.Shaper is null || entry.Item?.Has(fault.Fault) != true) continue;
            var shapedNs = fault.Shaper.Release(dueNs, entry.Length);
            entry.Item.Shaped(fault.Fault, (shapedNs - dueNs) / 1000);
            dueNs = shapedNs;
        }
        return InOrder(dueNs);
    }

    /// <summary>When something that is not data is due: the end, behind everything else.</summary>
    public long EndDueFor(in LaneEntry entry) => Swallows ? long.MaxValue : InOrder(entry.ReadyNs + (entry.Item?.ActiveDelayNs ?? 0));

    /// <summary>Due times are about to be worked out anew.</summary>
    public void Rewind(long nowNs)
    {
        _lastDueNs = 0;
        foreach (var fault in _faults)
        {
            if (!fault.Fault.IsShared) fault.Shaper?.Rewind(nowNs);
        }
    }

    /// <summary>When a piece that is queued already is due, now that faults came or went.</summary>
    public long DueAgain(in LaneEntry entry, long nowNs)
    {
        var dueNs = entry.ReadyNs + (entry.Item?.ActiveDelayNs ?? 0) + (entry.Message?.ActiveDelayNs ?? 0);
        foreach (var fault in _faults)
        {
            if (fault.Shaper is null || entry.Item?.Has(fault.Fault) != true) continue;
            // A shared shaper has let others go meanwhile: the place in its row that was given stays.
            dueNs = fault.Fault.IsShared ? Math.Max(dueNs, entry.DueNs == long.MaxValue ? nowNs : entry.DueNs) : fault.Shaper.Release(Math.Max(dueNs, nowNs), entry.Length);
        }
        return InOrder(dueNs);
    }

    private long InOrder(long dueNs)
    {
        _lastDueNs = Math.Max(_lastDueNs, dueNs);
        return Stalls ? long.MaxValue : _lastDueNs;
    }
}
