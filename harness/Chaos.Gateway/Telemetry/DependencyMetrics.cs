using System.Diagnostics.Metrics;
using Polly.CircuitBreaker;

namespace Chaos.Gateway.Telemetry;

/// <summary>
/// What a node reports about its calls to Redis. Requests are counted at the outermost place, once for each logical operation; attempts at
/// the innermost one, when they leave, so that attempts / requests is the retry amplification that Redis sees.
/// </summary>
internal class DependencyMetrics
{
    private const string Name = "redis";
    private readonly Counter<long> _requests;
    private readonly Counter<long> _attempts;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _rejected;
    private readonly Counter<long> _transitions;
    private readonly Counter<long> _probes;
    private readonly Histogram<double> _duration;
    private volatile CircuitState _state;

    public DependencyMetrics(GatewayMetrics metrics)
    {
        var meter = metrics.Meter;
        _requests = meter.CreateCounter<long>("chaos_dependency_requests", description: "Logical operations by outcome.");
        _attempts = meter.CreateCounter<long>("chaos_dependency_attempts", description: "Attempts that left towards the dependency.");
        _retries = meter.CreateCounter<long>("chaos_dependency_retries", description: "Those attempts that were not the first of their operation.");
        _rejected = meter.CreateCounter<long>("chaos_dependency_rejected", description: "Operations or retries not let through, by reason.");
        _transitions = meter.CreateCounter<long>("chaos_breaker_transitions", description: "Changes of the breaker's state.");
        _probes = meter.CreateCounter<long>("chaos_breaker_probes", description: "Attempts let through while half-open.");
        _duration = meter.CreateHistogram<double>("chaos_dependency_duration_seconds", description: "Time of logical operations, retries included.");
        meter.CreateObservableGauge("chaos_breaker_state", () => new Measurement<int>(Number(_state), Dependency), description: "0 closed, 1 half-open, 2 open.");
        // Present from the start, so that a reader can tell 0 from "not measured".
        foreach (var reason in new[] { "breaker", "concurrency", "budget" }) _rejected.Add(0, Dependency, Tag("reason", reason));
        _attempts.Add(0, Dependency);
        _retries.Add(0, Dependency);
        _probes.Add(0, Dependency);
        foreach (var to in new[] { "open", "half_open", "closed" }) _transitions.Add(0, Dependency, Tag("to", to));
        foreach (var outcome in new[] { "ok", "failed", "timeout", "rejected" }) _requests.Add(0, Dependency, Tag("outcome", outcome));
    }

    /// <summary>The breaker's state as far as it was reported.</summary>
    public CircuitState State => _state;

    public virtual void Request(string outcome, TimeSpan duration)
    {
        _requests.Add(1, Dependency, Tag("outcome", outcome));
        _duration.Record(duration.TotalSeconds, Dependency);
    }

    public void Attempt(bool isRetry)
    {
        _attempts.Add(1, Dependency);
        if (isRetry) _retries.Add(1, Dependency);
        if (_state == CircuitState.HalfOpen) _probes.Add(1, Dependency);
    }

    public void Rejected(string reason) => _rejected.Add(1, Dependency, Tag("reason", reason));

    public void Moved(CircuitState to)
    {
        _state = to;
        _transitions.Add(1, Dependency, Tag("to", to switch { CircuitState.Closed => "closed", CircuitState.HalfOpen => "half_open", _ => "open" }));
    }

    private static KeyValuePair<string, object?> Dependency { get; } = new("dependency", Name);

    private static KeyValuePair<string, object?> Tag(string name, object value) => new(name, value);

    private static int Number(CircuitState state) => state switch { CircuitState.Closed => 0, CircuitState.HalfOpen => 1, _ => 2 };
}
