using Chaos.Gateway.Settings;
using Chaos.Gateway.Telemetry;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace Chaos.Gateway.Dependencies;

/// <summary>
/// Total timeout, concurrency limit, retries under a budget, circuit breaker, timeout of one attempt: in this order, outermost first.
/// The breaker sits inside the retries, so it sees every attempt and a retry into an open breaker ends the operation at once.
/// </summary>
internal sealed class DependencyPipelineFactory(GatewaySettings settings, IRetryBudget budget, DependencyMetrics metrics, TimeProvider time)
    : IDependencyPipelineFactory
{
    public ResiliencePipeline Create()
    {
        var s = settings.Dependency;
        var outer = new ResiliencePipelineBuilder { TimeProvider = time, Name = "redis" }
            .AddTimeout(new TimeoutStrategyOptions { Name = "total", Timeout = TimeSpan.FromMilliseconds(s.TotalTimeoutMs) })
            .AddConcurrencyLimiter(s.Concurrency, s.Queue);
        if (s.Retries > 0) outer.AddRetry(Retry(s));
        return outer
            .AddCircuitBreaker(Breaker(s, metrics))
            .AddTimeout(new TimeoutStrategyOptions { Name = "attempt", Timeout = TimeSpan.FromMilliseconds(s.AttemptTimeoutMs) })
            .Build();
    }

    internal static CircuitBreakerStrategyOptions Breaker(DependencySettings s, DependencyMetrics metrics) => new()
    {
        FailureRatio = s.BreakerFailureRatio,
        SamplingDuration = TimeSpan.FromMilliseconds(s.BreakerSamplingMs),
        MinimumThroughput = s.BreakerMinimumThroughput,
        BreakDuration = TimeSpan.FromMilliseconds(s.BreakerBreakMs),
        ShouldHandle = args => ValueTask.FromResult(Transient.Is(args.Outcome.Exception)),
        OnOpened = _ => Moved(metrics, CircuitState.Open),
        OnHalfOpened = _ => Moved(metrics, CircuitState.HalfOpen),
        OnClosed = _ => Moved(metrics, CircuitState.Closed),
    };

    private RetryStrategyOptions Retry(DependencySettings s)
    {
        var random = new LockedRandom(settings.Seed);
        return new RetryStrategyOptions
        {
            MaxRetryAttempts = s.Retries,
            Delay = TimeSpan.FromMilliseconds(s.RetryDelayMs),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Randomizer = random.NextDouble,
            ShouldHandle = args => ValueTask.FromResult(MayRetry(args, s.Retries)),
        };
    }

    private bool MayRetry(RetryPredicateArguments<object> args, int retries)
    {
        // Asked after the last attempt too: that one must not cost the budget anything.
        if (!Transient.Is(args.Outcome.Exception) || args.AttemptNumber >= retries) return false;
        if (budget.TryWithdraw()) return true;
        metrics.Rejected("budget");
        return false;
    }

    private static ValueTask Moved(DependencyMetrics metrics, CircuitState to)
    {
        metrics.Moved(to);
        return ValueTask.CompletedTask;
    }
}
