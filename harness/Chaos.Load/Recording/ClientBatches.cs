using Chaos.Journal.Events;

namespace Chaos.Load.Recording;

/// <summary>
/// Deliveries and acknowledgements of one client that are not in the journal yet, gathered by channel and publisher. They
/// leave in the order in which the batches were begun. Not thread-safe.
/// </summary>
internal sealed class ClientBatches(string client, FleetRecorder fleet)
{
    private readonly List<Batch> _open = [];

    public void Delivered(long at, string channel, string publisher, ReadOnlySpan<long> n, ReadOnlySpan<long> sentAt, ReadOnlySpan<long> us)
    {
        var batch = Open(at, channel, publisher);
        batch.N.AddRange(n);
        batch.SentAt.AddRange(sentAt);
        batch.Us.AddRange(us);
    }

    public void Acked(long at, string channel, long n, long sentAt)
    {
        var batch = Open(at, channel, null);
        batch.N.Add(n);
        batch.SentAt.Add(sentAt);
        batch.Us.Add(at - sentAt);
    }

    /// <summary>Writes the batches that were begun at or before <paramref name="beganAt"/>.</summary>
    public void Flush(long beganAt)
    {
        var kept = 0;
        for (var index = 0; index < _open.Count; index++)
        {
            var batch = _open[index];
            if (batch.BeganAt <= beganAt) fleet.Write(batch.ToEvent(client));
            else _open[kept++] = batch;
        }

        _open.RemoveRange(kept, _open.Count - kept);
    }

    private Batch Open(long at, string channel, string? publisher)
    {
        foreach (var open in _open)
        {
            if (open.Channel != channel || open.Publisher != publisher) continue;
            open.At = at;
            return open;
        }

        var batch = new Batch(at, channel, publisher) { At = at };
        _open.Add(batch);
        return batch;
    }

    /// <summary>Without a publisher they are acknowledgements.</summary>
    private sealed class Batch(long beganAt, string channel, string? publisher)
    {
        public long BeganAt => beganAt;
        public string Channel => channel;
        public string? Publisher => publisher;
        public long At { get; set; }
        public List<long> N { get; } = [];
        public List<long> SentAt { get; } = [];
        public List<long> Us { get; } = [];

        public JournalEvent ToEvent(string client) => publisher is null
            ? new ClientAcked(client, channel, [.. N], [.. SentAt], [.. Us]) { At = At }
            : new ClientDelivered(client, channel, publisher, [.. N], [.. SentAt], [.. Us]) { At = At };
    }
}
