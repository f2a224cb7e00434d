using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Chaos.Gateway.Settings;

/// <summary>Asynchronous replication to other regions.</summary>
public sealed record ReplicationSettings
{
    [Description("host:port of each other region's store, by the region's name.")]
    public IReadOnlyDictionary<string, string> Peers { get; init; } = new Dictionary<string, string>();

    [Description("Entries that wait for other regions at most; beyond them the oldest are given up, and the regions that lack them start their streams anew.")]
    [Range(100, 10_000_000)]
    public int Queue { get; init; } = 100_000;

    [Description("Entries that are sent to a region at once.")]
    [Range(1, 10_000)]
    public int Batch { get; init; } = 256;

    [Description("Longest wait for another region's store, in milliseconds; then the same entries are sent again.")]
    [Range(100, 60_000)]
    public int TimeoutMs { get; init; } = 2_000;

    [Description("How long a node that replicates may be silent before another of its region takes over, in milliseconds.")]
    [Range(500, 60_000)]
    public int LeaseMs { get; init; } = 3_000;
}
