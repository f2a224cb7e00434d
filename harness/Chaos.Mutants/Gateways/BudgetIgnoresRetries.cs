using Chaos.Gateway.Dependencies;
using Chaos.Gateway.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Polly;
using Polly.Retry;

namespace Chaos.Mutants.Gateways;

/// <summary>
/// The retries sit inside the breaker, where neither it nor a budget counts them: every operation that is let through, the one probe of a
/// half-open breaker too, may become forty-one attempts.
/// </summary>
internal static class BudgetIgnoresRetries
{
    private const int Retries = 40;

    internal static GatewayMutant Mutant { get; } = new("gateway.budget-ignores-retries", "Retries towards what it depends on without charging a budget or the breaker for it.",
        services => services.Replace(ServiceDescriptor.Singleton<IDependencyPipelineFactory, Factory>()));

    private sealed class Factory(DependencyMetrics metrics, TimeProvider time) : IDependencyPipelineFactory
    {
        public ResiliencePipeline Create(Dependency dependency) => new ResiliencePipelineBuilder { TimeProvider = time }
            .AddTimeout(TimeSpan.FromMilliseconds(dependency.Settings.TotalTimeoutMs))
            .AddConcurrencyLimiter(dependency.Settings.Concurrency, dependency.Settings.Queue)
            .AddCircuitBreaker(DependencyPipelineFactory.Breaker(dependency, metrics))
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = Retries,
                Delay = TimeSpan.FromMilliseconds(1),
                BackoffType = DelayBackoffType.Constant,
                ShouldHandle = args => ValueTask.FromResult(Transient.Is(args.Outcome.Exception)),
            })
            .AddTimeout(TimeSpan.FromMilliseconds(dependency.Settings.AttemptTimeoutMs))
            .Build();
    }
}
