namespace Chaos.Experiments.Definitions;

/// <summary>What users are promised in one mode of operation: normal or moderate load, or a mode that is degraded in a known way.</summary>
/// <param name="Name">Such as <c>normal</c> or <c>redis-slow</c>; expectations name it under <c>budget</c>.</param>
/// <param name="Title">When it applies, as a sentence.</param>
/// <param name="Limits">Upper bounds by key; see <see cref="BudgetKeys"/>.</param>
public sealed record BudgetDefinition(string Name, string Title, IReadOnlyDictionary<string, double> Limits);

/// <summary>What a budget may bound.</summary>
public static class BudgetKeys
{
    /// <summary>Median of publish to delivered, in milliseconds.</summary>
    public const string P50 = "p50_ms";

    /// <summary>95th percentile of the same.</summary>
    public const string P95 = "p95_ms";

    /// <summary>99th percentile of the same.</summary>
    public const string P99 = "p99_ms";

    /// <summary>95th percentile of the time from a cut to messages again, in milliseconds.</summary>
    public const string ReconnectP95 = "reconnect_p95_ms";

    /// <summary>99th percentile of the same.</summary>
    public const string ReconnectP99 = "reconnect_p99_ms";

    /// <summary>Deliveries of acknowledged messages that may be missing; 0 wherever resuming is promised.</summary>
    public const string Lost = "lost";
}
