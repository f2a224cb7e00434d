using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Chaos.Gateway.Settings;

/// <summary>Session resume tokens.</summary>
public sealed record ResumeSettings
{
    [Description("How long a session can be resumed after its token was issued, in seconds.")]
    [Range(1, 86_400)]
    public int TtlS { get; init; } = 900;

    [Description("Longest wait for Redis while a client connects, in milliseconds; then it connects without resuming.")]
    [Range(10, 60_000)]
    public int TimeoutMs { get; init; } = 1_000;

    [Description("Time between two saves of changed sessions, in milliseconds.")]
    [Range(10, 600_000)]
    public int SaveIntervalMs { get; init; } = 1_000;
}
