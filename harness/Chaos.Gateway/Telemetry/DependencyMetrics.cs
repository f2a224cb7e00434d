using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Polly.CircuitBreaker;

namespace Chaos.Gateway.Telemetry;

/// <summary>
/// What a node reports about its calls to each dependency, by name. Requests are counted at the outermost place, once for each logical
/// operation; attempts at the innermost one, when they leave, so that attempts / requests is the retry amplification that the dependency sees.
/// </summary>
internal class DependencyMetrics
{
    private readonly Counter<long> _requests;
    private readonly Counter<long> _attempts;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _rejected;
    private readonly Counter<long> _transitions;
    private readonly Counter<long> _probes;
    private readonly Histogram<double> _duration;
    private readonly ConcurrentDictionary<string, CircuitState> _states = new(StringComparer.Ordinal);

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
        meter.CreateObservableGauge("chaos_breaker_state", () => _states.Select(s => new Measurement<int>(Number(s.Value), Dependency(s.Key))), description: "0 closed, 1 half-open, 2 open.");
    }

    /// <summary>Begins to report a dependency. Its counters are present from then on, so that a reader can tell 0 from "not measured".</summary>
    public void Add(string dependency)
    {
        if (!_states.TryAdd(dependency, CircuitState.Closed)) return;
        var name = Dependency(dependency);
        foreach (var reason in new[] { "breaker", "concurrency", "budget" }) _rejected.Add(0, name, Tag("reason", reason));
        _attempts.Add(0, name);
        _retries.Add(0, name);
        _probes.Add(0, name);
        foreach (var to in new[] { "open", "half_open", "closed" }) _transitions.Add(0, name, Tag("to", to));
        foreach (var outcome in new[] { "ok", "failed", "timeout", "rejected" }) _requests.Add(0, name, Tag("outcome", outcome));
    }

    /// <summary>The state of a dependency's breaker as far as it was reported.</summary>
    public CircuitState State(string dependency) => _states.GetValueOrDefault(dependency, CircuitState.Closed);

    public virtual void Request(string dependency, string outcome, TimeSpan duration)
    {
        _requests.Add(1, Dependency(dependency), Tag("outcome", outcome));
        _duration.Record(duration.TotalSeconds, Dependency(dependency));
    }

    public void Attempt(string dependency, bool isRetry)
    {
        _attempts.Add(1, Dependency(dependency));
        if (isRetry) _retries.Add(1, Dependency(dependency));
        if (State(dependency) == CircuitState.HalfOpen) _probes.Add(1, Dependency(dependency));
    }

    public void Rejected(string dependency, string reason) => _rejected.Add(1, Dependency(dependency), Tag("reason", reason));

    public void Moved(string dependency, CircuitState to)
    {
        _states[dependency] = to;
        _transitions.Add(1, Dependency(dependency), Tag("to", to switch { CircuitState.Closed => "closed", CircuitState.HalfOpen => "half_open", _ => "open" }));
    }

    private static KeyValuePair<string, object?> Dependency(string name) => Tag("dependency", name);

    private static KeyValuePair<string, object?> Tag(string name, object value) => new(name, value);

    private static int Number(CircuitState state) => state switch { CircuitState.Closed => 0, CircuitState.HalfOpen => 1, _ => 2 };
}
