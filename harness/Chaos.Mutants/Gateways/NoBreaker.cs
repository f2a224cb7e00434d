using Chaos.Gateway.Dependencies;
using Chaos.Gateway.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Polly;
using Polly.Retry;

namespace Chaos.Mutants.Gateways;

/// <summary>Three layers that each retry twice, as when client, service and driver all mean well: 27 attempts for one operation.</summary>
internal static class NoBreaker
{
    private const int Layers = 3;

    internal static GatewayMutant Mutant { get; } = new("gateway.no-breaker", "Calls Redis without a circuit breaker and through three layers of retries.",
        services => services.Replace(ServiceDescriptor.Singleton<IDependencyPipelineFactory, Factory>()));

    private sealed class Factory(GatewaySettings settings, TimeProvider time) : IDependencyPipelineFactory
    {
        public ResiliencePipeline Create()
        {
            var builder = new ResiliencePipelineBuilder { TimeProvider = time };
            for (var layer = 0; layer < Layers; layer++)
            {
                builder.AddRetry(new RetryStrategyOptions
                {
                    MaxRetryAttempts = 2,
                    Delay = TimeSpan.FromMilliseconds(settings.Dependency.RetryDelayMs),
                    ShouldHandle = args => ValueTask.FromResult(Transient.Is(args.Outcome.Exception)),
                });
            }
            return builder.AddTimeout(TimeSpan.FromMilliseconds(settings.Dependency.AttemptTimeoutMs)).Build();
        }
    }
}
