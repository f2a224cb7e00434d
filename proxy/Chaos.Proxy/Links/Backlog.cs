using System.Buffers;

namespace Chaos.Proxy.Links;

/// <summary>What a lane holds back: entries in order, each with the time it is due. Used with the lane's gate held.</summary>
internal sealed class Backlog(FaultChain faults, QueueBudget budget)
{
    // What an entry takes besides its bytes: a lane of slices of ten bytes must not hold a million of them.
    private const int EntryCost = 128;

    private readonly Queue<LaneEntry> _queue = new();

    public bool IsEmpty => _queue.Count == 0;

    /// <summary>Memory that the entries take, in bytes.</summary>
    public int Bytes { get; private set; }

    /// <summary>Queues an entry; its due time follows from the faults.</summary>
    public void Append(LaneEntry entry)
    {
        entry.DueNs = entry.Kind == EntryKind.End ? faults.EndDueFor(entry) : faults.DueFor(entry);
        _queue.Enqueue(entry);
        Count(entry.Length + EntryCost);
    }

    /// <summary>The head, if there is one.</summary>
    public bool TryPeek(out LaneEntry entry) => _queue.TryPeek(out entry);

    /// <summary>Takes the head off.</summary>
    public LaneEntry Dequeue()
    {
        var entry = _queue.Dequeue();
        Count(-entry.Length - EntryCost);
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
        Count(-Bytes);
    }

    private void Count(int bytes)
    {
        Bytes += bytes;
        budget.Add(bytes);
    }

    /// <summary>Gives an entry's buffer back.</summary>
    public static void Free(in LaneEntry entry)
    {
        if (entry.Kind == EntryKind.Data) ArrayPool<byte>.Shared.Return(entry.Buffer);
    }
}
