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
        var operation = new Operation<TState, T>(this, state, call);
        budget.Deposit();
        try
        {
            var result = await _pipeline.ExecuteAsync(static (o, token) => o.AttemptAsync(token), operation, cancel);
            outcome = "ok";
            return result;
        }
        catch (BrokenCircuitException e)
        {
            // Rejected means that Redis did not see it; an operation that the breaker cut short after an attempt has failed.
            if (operation.Attempts == 0) outcome = Reject("breaker");
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

    private IDatabase Database => connection.Database;

    private void Attempted(bool isRetry) => metrics.Attempt(isRetry);

    private string Reject(string reason)
    {
        metrics.Rejected(reason);
        return "rejected";
    }

    /// <summary>One logical operation and its attempts.</summary>
    private sealed class Operation<TState, T>(RedisGate gate, TState state, Func<IDatabase, TState, Task<T>> call)
    {
        public int Attempts { get; private set; }

        public async ValueTask<T> AttemptAsync(CancellationToken cancel)
        {
            gate.Attempted(isRetry: Attempts++ > 0);
            return await call(gate.Database, state).WaitAsync(cancel);
        }
    }
}
