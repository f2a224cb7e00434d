using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Chaos.Gateway.Settings;

/// <summary>How a dependency, Redis or the upstream service, is called. Outermost first: total timeout, concurrency, retries, circuit breaker, timeout of one attempt.</summary>
public sealed record DependencySettings
{
    [Description("Longest time of one operation with its retries, in milliseconds.")]
    [Range(10, 60_000)]
    public int TotalTimeoutMs { get; init; } = 1_500;

    [Description("Longest time of one attempt, in milliseconds.")]
    [Range(10, 60_000)]
    public int AttemptTimeoutMs { get; init; } = 500;

    [Description("Operations in progress.")]
    [Range(1, 100_000)]
    public int Concurrency { get; init; } = 512;

    [Description("Operations that wait for their turn; more are refused.")]
    [Range(0, 100_000)]
    public int Queue { get; init; } = 4_096;

    [Description("Most retries of one operation; 0 for none.")]
    [Range(0, 10)]
    public int Retries { get; init; } = 2;

    [Description("Median delay before the first retry, in milliseconds; it doubles, with jitter.")]
    [Range(1, 10_000)]
    public int RetryDelayMs { get; init; } = 20;

    [Description("Retries allowed for each operation in the long run: 0.1 means that retries add at most 10 %.")]
    [Range(0.0, 1.0)]
    public double RetryBudgetRatio { get; init; } = 0.1;

    [Description("Retries that the budget holds in reserve, so that a quiet node can retry too.")]
    [Range(0, 10_000)]
    public int RetryBudgetMinimum { get; init; } = 10;

    [Description("Share of failed attempts that opens the breaker.")]
    [Range(0.01, 1.0)]
    public double BreakerFailureRatio { get; init; } = 0.5;

    [Description("Stretch of time over which that share is taken, in milliseconds.")]
    [Range(500, 600_000)]
    public int BreakerSamplingMs { get; init; } = 2_000;

    [Description("Attempts within it below which the breaker stays closed.")]
    [Range(2, 100_000)]
    public int BreakerMinimumThroughput { get; init; } = 10;

    [Description("How long the breaker stays open before one probe may pass, in milliseconds.")]
    [Range(500, 600_000)]
    public int BreakerBreakMs { get; init; } = 1_000;
}
