using Chaos.Gateway.Telemetry;
using Polly;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Timeout;

namespace Chaos.Gateway.Dependencies;

/// <summary>The only way to a dependency. Everything passed in must be idempotent: an attempt that timed out may have been carried out.</summary>
internal sealed class DependencyGate
{
    private readonly Dependency _dependency;
    private readonly DependencyMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline _pipeline;

    public DependencyGate(Dependency dependency, IDependencyPipelineFactory factory, DependencyMetrics metrics, TimeProvider time)
    {
        (_dependency, _metrics, _time) = (dependency, metrics, time);
        metrics.Add(dependency.Name);
        _pipeline = factory.Create(dependency);
    }

    /// <param name="state">What the call works on.</param>
    /// <param name="call">One attempt.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="DependencyUnavailableException">The dependency is down, slow beyond its limits, or not asked.</exception>
    public async ValueTask<T> RunAsync<TState, T>(TState state, Func<TState, CancellationToken, Task<T>> call, CancellationToken cancel = default)
    {
        var started = _time.GetTimestamp();
        var outcome = "failed";
        var operation = new Operation<TState, T>(this, state, call);
        _dependency.Budget.Deposit();
        try
        {
            var result = await _pipeline.ExecuteAsync(static (o, token) => o.AttemptAsync(token), operation, cancel);
            outcome = "ok";
            return result;
        }
        catch (BrokenCircuitException e)
        {
            // Rejected means that the dependency did not see it; an operation that the breaker cut short after an attempt has failed.
            if (operation.Attempts == 0) outcome = Reject("breaker");
            throw Unavailable(outcome, e);
        }
        catch (RateLimiterRejectedException e)
        {
            outcome = Reject("concurrency");
            throw Unavailable(outcome, e);
        }
        catch (Exception e) when (e is TimeoutRejectedException or TimeoutException)
        {
            outcome = "timeout";
            throw Unavailable(outcome, e);
        }
        catch (Exception e) when (Transient.Is(e))
        {
            throw Unavailable(outcome, e);
        }
        finally
        {
            _metrics.Request(_dependency.Name, outcome, _time.GetElapsedTime(started));
        }
    }

    private DependencyUnavailableException Unavailable(string outcome, Exception inner) => new(_dependency.Name, outcome, inner);

    private string Reject(string reason)
    {
        _metrics.Rejected(_dependency.Name, reason);
        return "rejected";
    }

    /// <summary>One logical operation and its attempts.</summary>
    private sealed class Operation<TState, T>(DependencyGate gate, TState state, Func<TState, CancellationToken, Task<T>> call)
    {
        public int Attempts { get; private set; }

        public async ValueTask<T> AttemptAsync(CancellationToken cancel)
        {
            gate._metrics.Attempt(gate._dependency.Name, isRetry: Attempts++ > 0);
            return await call(state, cancel);
        }
    }
}
