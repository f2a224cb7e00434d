using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Chaos.Gateway.Settings;

/// <summary>The HTTP service that channels whose rule says <c>ask</c> are asked of.</summary>
public sealed record UpstreamSettings
{
    [Description("Where it is, such as http://127.0.0.1:8100; asked is GET /authorize?user=&tenant=&channel=&action= below it: 200 allows, 403 denies, everything else is no answer.")]
    public string Url { get; init; } = "";

    [Description("How long an answer that allowed is remembered for the same user, channel and action, in milliseconds; 0 asks every time. A denial is never remembered.")]
    [Range(0, 600_000)]
    public int AllowTtlMs { get; init; } = 2_000;

    [Description("Answers that are remembered at most.")]
    [Range(1, 1_000_000)]
    public int AllowEntries { get; init; } = 10_000;

    [Description("How it is called: timeouts, retries and their budget, circuit breaker, concurrency; apart from Redis.")]
    public DependencySettings Dependency { get; init; } = new();
}
