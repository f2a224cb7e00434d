using Chaos.Gateway.Settings;
using Chaos.Gateway.Stores;
using Chaos.Gateway.Telemetry;
using StackExchange.Redis;

namespace Chaos.Gateway.Dependencies;

/// <summary>The only way to Redis. Everything passed in must be idempotent: an attempt that timed out may have been carried out.</summary>
internal sealed class RedisGate(RedisConnection connection, GatewaySettings settings, IDependencyPipelineFactory factory, DependencyMetrics metrics, TimeProvider time)
{
    private readonly DependencyGate _gate = new(Dependency.Of(Dependency.Redis, settings.Dependency), factory, metrics, time);

    /// <summary>Names of everything that this node reads and writes there.</summary>
    public Keys Keys => connection.Keys;

    /// <exception cref="DependencyUnavailableException">Redis is down, slow beyond its limits, or not asked.</exception>
    public ValueTask<T> RunAsync<TState, T>(TState state, Func<IDatabase, TState, Task<T>> call, CancellationToken cancel = default) =>
        _gate.RunAsync((connection, state, call), static (s, token) => s.call(s.connection.Database, s.state).WaitAsync(token), cancel);
}
