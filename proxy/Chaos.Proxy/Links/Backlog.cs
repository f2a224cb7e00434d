using System.Buffers;

namespace Chaos.Proxy.Links;

/// <summary>What a lane holds back: entries in order, each with the time it is due. Used with the lane's gate held.</summary>
internal sealed class Backlog(FaultChain faults)
{
    private readonly Queue<LaneEntry> _queue = new();

    public bool IsEmpty => _queue.Count == 0;

    public int Bytes { get; private set; }

    /// <summary>Queues an entry; its due time follows from the faults.</summary>
    public void Append(LaneEntry entry)
    {
        entry.DueNs = entry.Kind == EntryKind.End ? faults.EndDueFor(entry) : faults.DueFor(entry);
        _queue.Enqueue(entry);
        Bytes += entry.Length;
    }

    /// <summary>The head, if there is one.</summary>
    public bool TryPeek(out LaneEntry entry) => _queue.TryPeek(out entry);

    /// <summary>Takes the head off.</summary>
    public LaneEntry Dequeue()
    {
        var entry = _queue.Dequeue();
        Bytes -= entry.Length;
        return entry;
    }

    /// <summary>Works out due times anew from the faults that are there now.</summary>
    public void Retime(long nowNs)
    {
        faults.Rewind(nowNs);
        for (var left = _queue.Count; left > 0; left--)
        {
            var entry = _queue.Dequeue();
            entry.DueNs = entry.Kind == EntryKind.End ? faults.EndDueFor(entry) : faults.DueAgain(entry, nowNs);
            _queue.Enqueue(entry);
        }
    }

    public void Clear()
    {
        while (_queue.TryDequeue(out var entry))
            Free(entry);
        Bytes = 0;
    }

    /// <summary>Gives an entry's buffer back.</summary>
    public static void Free(in LaneEntry entry)
    {
        if (entry.Kind == EntryKind.Data) ArrayPool<byte>.Shared.Return(entry.Buffer);
    }
}
