using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Checks.Options;
using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Checks.Dependencies;

/// <summary>Does the circuit breaker open soon after the dependency fails, on every node?</summary>
internal sealed class BreakerOpensCheck() : Check("breaker_opens", "Every gateway node's circuit breaker opens in time once the dependency fails.",
    "time from the fault to the first reading that shows the breaker open, slowest node; the time between readings is added to the limit",
    Dependency, Within, Fault)
{
    private static readonly TextOption Dependency = new("dependency", "Name of the dependency.", "redis");
    private static readonly NumberOption Within = new("within_ms", "Limit from the start of the fault, in milliseconds; the breaker's sampling window.", null, IsRequired: true);
    private static readonly TextOption Fault = new("fault", "Name of the fault; the window's own, or the first in it, by default.");

    /// <inheritdoc />
    protected override Finding Judge(CheckContext context)
    {
        var dependency = Dependency.Of(context);
        var fault = Fleets.FaultOf(context, Fault.OrNull(context));
        var on = context.Events.OfType<FaultOn>().FirstOrDefault(f => context.Window.Contains(f.At) && (fault is null || f.Fault == fault));
        if (on is null) return Finding.Inconclusive("no fault was switched on in the window");
        var metrics = Metrics.Of(context.Events);
        var states = metrics.Series("chaos_breaker_state", ("dependency", dependency));
        var openings = metrics.Series("chaos_breaker_transitions_total", ("dependency", dependency), ("to", "open"));
        var asking = metrics.Series("chaos_dependency_requests_total", ("dependency", dependency));
        if (asking.Count == 0) return Finding.Inconclusive($"no gateway reported requests to {dependency}");
        var interval = metrics.IntervalUs() / 1000.0;
        var limit = Within.Of(context) + interval;
        var times = asking.Keys.Select(part => FirstOpenMs(on.At, context.Window.ToUs, states.GetValueOrDefault(part), openings.GetValueOrDefault(part))).ToList();
        var slowest = times.Max();
        if (double.IsPositiveInfinity(slowest) && (context.Window.ToUs - on.At) / 1000.0 < limit)
            return Finding.Inconclusive($"the window ends before the {limit:0} ms that the breaker may take");
        var sentence = double.IsPositiveInfinity(slowest)
            ? $"on {times.Count(double.IsPositiveInfinity)} of {times.Count} nodes the breaker for {dependency} never opened"
            : $"the breaker for {dependency} was open {slowest:0} ms after the fault on the slowest of {times.Count} nodes, limit {limit:0} ms ({interval:0} ms of it for the time between readings)";
        return Finding.ByMeasures(sentence, [new Measure("opened after", slowest, limit, "ms", times.Count, slowest <= limit)]);
    }

    private static double FirstOpenMs(long onUs, long toUs, IReadOnlyList<Reading>? states, IReadOnlyList<Reading>? openings)
    {
        var open = (states ?? []).Where(r => r.AtUs >= onUs && r.AtUs < toUs && r.Value >= 2).Select(r => (double?)r.AtUs).FirstOrDefault();
        var before = (openings ?? []).LastOrDefault(r => r.AtUs < onUs).Value;
        var counted = (openings ?? []).Where(r => r.AtUs >= onUs && r.AtUs < toUs && r.Value > before).Select(r => (double?)r.AtUs).FirstOrDefault();
        var first = Math.Min(open ?? double.PositiveInfinity, counted ?? double.PositiveInfinity);
        return (first - onUs) / 1000.0;
    }
}
