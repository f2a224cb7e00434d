using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Chaos.Gateway.Telemetry;

namespace Chaos.Gateway.Replication;

/// <summary>What the node that replicates reports, for each other region.</summary>
internal sealed class ReplicationMetrics
{
    private readonly TimeProvider _time;
    private readonly Counter<long> _entries;
    private readonly Counter<long> _lost;
    private readonly Histogram<double> _delay;
    private readonly ConcurrentDictionary<string, (long Waiting, long OldestUnixMs)> _behind = new();

    public ReplicationMetrics(GatewayMetrics metrics, TimeProvider time)
    {
        _time = time;
        var meter = metrics.Meter;
        _entries = meter.CreateCounter<long>("chaos_replication_entries", description: "Entries that another region has taken, by what became of them there.");
        _lost = meter.CreateCounter<long>("chaos_replication_lost", description: "Entries that another region will never get, because too many waited.");
        _delay = meter.CreateHistogram<double>(DelayName, description: "Time from a publish here to its arrival in another region's store.");
        meter.CreateObservableGauge("chaos_replication_waiting", () => _behind.Select(b => new Measurement<long>(b.Value.Waiting, Peer(b.Key))), description: "Entries that wait for another region.");
        meter.CreateObservableGauge("chaos_replication_lag_seconds", () => _behind.Select(b => new Measurement<double>(LagSeconds(b.Value.OldestUnixMs), Peer(b.Key))),
            description: "Age of the oldest entry that another region does not have; 0 when it has them all.");
    }

    public const string DelayName = "chaos_replication_delay_seconds";

    public void Entry(string peer, string outcome) => _entries.Add(1, Peer(peer), new KeyValuePair<string, object?>("outcome", outcome));

    public void Lost(string peer, long count) => _lost.Add(count, Peer(peer));

    /// <summary>What waits for a region now.</summary>
    /// <param name="oldestUnixMs">When the oldest of it was published; 0 when nothing waits.</param>
    public void Behind(string peer, long waiting, long oldestUnixMs) => _behind[peer] = (waiting, oldestUnixMs);

    /// <summary>Another node replicates: what this one knew is no longer so.</summary>
    public void Over() => _behind.Clear();

    /// <summary>A region has entries.</summary>
    public void Taken(string peer, IReadOnlyList<OutboxLine> lines)
    {
        var now = Now;
        foreach (var line in lines.OfType<OutboxLine.Published>()) _delay.Record(Math.Max(0, now - line.AtUnixMs) / 1000.0, Peer(peer));
    }

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private double LagSeconds(long oldestUnixMs) => oldestUnixMs == 0 ? 0 : Math.Max(0, Now - oldestUnixMs) / 1000.0;

    private static KeyValuePair<string, object?> Peer(string region) => new("peer", region);
}
