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
internal sealed class DependencyPipelineFactory(GatewaySettings settings, DependencyMetrics metrics, TimeProvider time)
    : IDependencyPipelineFactory
{
    public ResiliencePipeline Create(Dependency dependency)
    {
        var s = dependency.Settings;
        var outer = new ResiliencePipelineBuilder { TimeProvider = time, Name = dependency.Name }
            .AddTimeout(new TimeoutStrategyOptions { Name = "total", Timeout = TimeSpan.FromMilliseconds(s.TotalTimeoutMs) })
            .AddConcurrencyLimiter(s.Concurrency, s.Queue);
        if (s.Retries > 0) outer.AddRetry(Retry(dependency));
        return outer
            .AddCircuitBreaker(Breaker(dependency, metrics))
            .AddTimeout(new TimeoutStrategyOptions { Name = "attempt", Timeout = TimeSpan.FromMilliseconds(s.AttemptTimeoutMs) })
            .Build();
    }

    internal static CircuitBreakerStrategyOptions Breaker(Dependency dependency, DependencyMetrics metrics) => new()
    {
        FailureRatio = dependency.Settings.BreakerFailureRatio,
        SamplingDuration = TimeSpan.FromMilliseconds(dependency.Settings.BreakerSamplingMs),
        MinimumThroughput = dependency.Settings.BreakerMinimumThroughput,
        BreakDuration = TimeSpan.FromMilliseconds(dependency.Settings.BreakerBreakMs),
        ShouldHandle = args => ValueTask.FromResult(Transient.Is(args.Outcome.Exception)),
        OnOpened = _ => Moved(dependency, metrics, CircuitState.Open),
        OnHalfOpened = _ => Moved(dependency, metrics, CircuitState.HalfOpen),
        OnClosed = _ => Moved(dependency, metrics, CircuitState.Closed),
    };

    private RetryStrategyOptions Retry(Dependency dependency)
    {
        var s = dependency.Settings;
        var random = new LockedRandom(settings.Seed);
        return new RetryStrategyOptions
        {
            MaxRetryAttempts = s.Retries,
            Delay = TimeSpan.FromMilliseconds(s.RetryDelayMs),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Randomizer = random.NextDouble,
            ShouldHandle = args => ValueTask.FromResult(MayRetry(args, dependency)),
        };
    }

    private bool MayRetry(RetryPredicateArguments<object> args, Dependency dependency)
    {
        // Asked after the last attempt too: that one must not cost the budget anything.
        if (!Transient.Is(args.Outcome.Exception) || args.AttemptNumber >= dependency.Settings.Retries) return false;
        if (dependency.Budget.TryWithdraw()) return true;
        metrics.Rejected(dependency.Name, "budget");
        return false;
    }

    private static ValueTask Moved(Dependency dependency, DependencyMetrics metrics, CircuitState to)
    {
        metrics.Moved(dependency.Name, to);
        return ValueTask.CompletedTask;
    }
}
