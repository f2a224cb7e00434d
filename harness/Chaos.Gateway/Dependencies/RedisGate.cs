using Chaos.Gateway.Stores;
using Chaos.Gateway.Telemetry;
using Polly;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Timeout;
using StackExchange.Redis;

namespace Chaos.Gateway.Dependencies;

/// <summary>The only way to Redis. Everything passed in must be idempotent: an attempt that timed out may have been carried out.</summary>
internal sealed class RedisGate(RedisConnection connection, IDependencyPipelineFactory factory, IRetryBudget budget, DependencyMetrics metrics, TimeProvider time)
{
    private readonly ResiliencePipeline _pipeline = factory.Create();

    /// <exception cref="DependencyUnavailableException">Redis is down, slow beyond its limits, or not asked.</exception>
    public async ValueTask<T> RunAsync<TState, T>(TState state, Func<IDatabase, TState, Task<T>> call, CancellationToken cancel = default)
    {
        var started = time.GetTimestamp();
        var outcome = "failed";
        budget.Deposit();
        try
        {
            var result = await _pipeline.ExecuteAsync(static (s, token) => AttemptAsync(s, token), (Self: this, State: state, Call: call), cancel);
            outcome = "ok";
            return result;
        }
        catch (BrokenCircuitException e)
        {
            outcome = Reject("breaker");
            throw new DependencyUnavailableException(outcome, e);
        }
        catch (RateLimiterRejectedException e)
        {
            outcome = Reject("concurrency");
            throw new DependencyUnavailableException(outcome, e);
        }
        catch (Exception e) when (e is TimeoutRejectedException or TimeoutException)
        {
            outcome = "timeout";
            throw new DependencyUnavailableException(outcome, e);
        }
        catch (Exception e) when (Transient.Is(e))
        {
            throw new DependencyUnavailableException(outcome, e);
        }
        finally
        {
            metrics.Request(outcome, time.GetElapsedTime(started));
        }
    }

    private static async ValueTask<T> AttemptAsync<TState, T>((RedisGate Self, TState State, Func<IDatabase, TState, Task<T>> Call) s, CancellationToken cancel)
    {
        s.Self.Metrics.Attempt();
        return await s.Call(s.Self.Database, s.State).WaitAsync(cancel);
    }

    private IDatabase Database => connection.Database;

    private DependencyMetrics Metrics => metrics;

    private string Reject(string reason)
    {
        metrics.Rejected(reason);
        return "rejected";
    }
}
