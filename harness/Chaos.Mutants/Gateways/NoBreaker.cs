using Chaos.Gateway.Dependencies;
using Chaos.Gateway.Settings;
using Polly;
using Polly.Retry;

namespace Chaos.Mutants.Gateways;

/// <summary>Three layers that each retry twice, as when client, service and driver all mean well: 27 attempts for one operation.</summary>
internal static class NoBreaker
{
    private const int Layers = 3;

    internal static IReadOnlyList<GatewayMutant> All { get; } =
    [
        Towards(Dependency.Redis, "gateway.no-breaker", "Calls Redis without a circuit breaker and through three layers of retries."),
        Towards(Dependency.Upstream, "gateway.upstream-no-breaker", "Calls the upstream service without a circuit breaker and through three layers of retries."),
    ];

    private static GatewayMutant Towards(string dependency, string name, string summary) => new(name, summary,
        services => services.Wrap<IDependencyPipelineFactory, DependencyPipelineFactory>(reference => new Factory(dependency, reference)));

    private sealed class Factory(string broken, DependencyPipelineFactory reference) : IDependencyPipelineFactory
    {
        public ResiliencePipeline Create(Dependency dependency) => dependency.Name == broken ? Layered(dependency.Settings) : reference.Create(dependency);

        private static ResiliencePipeline Layered(DependencySettings settings)
        {
            var builder = new ResiliencePipelineBuilder();
            for (var layer = 0; layer < Layers; layer++)
            {
                builder.AddRetry(new RetryStrategyOptions
                {
                    MaxRetryAttempts = 2,
                    Delay = TimeSpan.FromMilliseconds(settings.RetryDelayMs),
                    ShouldHandle = args => ValueTask.FromResult(Transient.Is(args.Outcome.Exception)),
                });
            }
            return builder.AddTimeout(TimeSpan.FromMilliseconds(settings.AttemptTimeoutMs)).Build();
        }
    }
}
