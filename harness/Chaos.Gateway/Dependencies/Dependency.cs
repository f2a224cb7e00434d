using Chaos.Gateway.Settings;

namespace Chaos.Gateway.Dependencies;

/// <summary>Something that a node calls and that can fail, and how it is called.</summary>
/// <param name="Name">Its name in metrics and messages: <see cref="Redis"/> or <see cref="Upstream"/>.</param>
/// <param name="Settings">Timeouts, retries and their budget, circuit breaker, concurrency.</param>
/// <param name="Budget">Its own budget of retries: the failures of one dependency must not use up another's.</param>
internal sealed record Dependency(string Name, DependencySettings Settings, IRetryBudget Budget)
{
    /// <summary>The store.</summary>
    public const string Redis = "redis";

    /// <summary>The service that authorizes channels.</summary>
    public const string Upstream = "upstream";

    public static Dependency Of(string name, DependencySettings settings) =>
        new(name, settings, new RetryBudget(settings.RetryBudgetRatio, settings.RetryBudgetMinimum));
}
