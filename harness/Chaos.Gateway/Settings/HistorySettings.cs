using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Chaos.Gateway.Settings;

/// <summary>Streams of channels in Redis.</summary>
public sealed record HistorySettings
{
    [Description("Publications kept of a channel.")]
    [Range(1, 100_000)]
    public int Size { get; init; } = 2_000;

    [Description("How long publications are kept after the last one, in seconds.")]
    [Range(1, 2_592_000)]
    public int TtlS { get; init; } = 300;

    [Description("How long epoch and offset of a channel outlive its last use, in seconds; at least ttl_s.")]
    [Range(1, 31_536_000)]
    public int MetaTtlS { get; init; } = 86_400;

    [Description("Publications that one recovery or history reply may hold.")]
    [Range(1, 100_000)]
    public int RecoveryMax { get; init; } = 2_000;

    [Description("How long the reply to a publish is remembered by its mid, in seconds.")]
    [Range(1, 86_400)]
    public int IdempotencyTtlS { get; init; } = 300;

    [Description("Time between two comparisons of what this node has delivered with the top of each stream, and between two checks that its Redis subscription lives, in milliseconds.")]
    [Range(50, 600_000)]
    public int CheckIntervalMs { get; init; } = 2_000;
}
