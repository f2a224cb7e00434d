using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Checks.Options;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Checks.Dependencies;

/// <summary>Does a half-open breaker let its probes through and nothing else?</summary>
internal sealed class BreakerProbesCheck() : Check("breaker_probes", "A half-open circuit breaker admits exactly its probes.",
    "attempts let through while half-open, for each time the breaker became half-open; worst node", Dependency, Probes)
{
    private static readonly TextOption Dependency = new("dependency", "Name of the dependency.", "redis");
    private static readonly NumberOption Probes = new("probes", "Probes that one half-open period may admit.", 1, 1, 1000, Whole: true);

    /// <inheritdoc />
    protected override Finding Judge(CheckContext context)
    {
        var dependency = Dependency.Of(context);
        var metrics = Metrics.Of(context.Events);
        var admitted = metrics.Series("chaos_breaker_probes_total", ("dependency", dependency));
        var measures = new List<Measure>();
        double periods = 0, probes = 0;
        foreach (var (part, readings) in metrics.Series("chaos_breaker_transitions_total", ("dependency", dependency), ("to", "half-open")))
        {
            if (Metrics.Growth(readings, context.Window) is not ({ } halfOpen and > 0)) continue;
            var through = admitted.TryGetValue(part, out var counted) ? Metrics.Growth(counted, context.Window) ?? 0 : 0;
            var allowed = halfOpen * Probes.Of(context);
            periods += halfOpen;
            probes += through;
            measures.Add(new Measure($"probes of {part}", through, allowed, "", (long)halfOpen, through <= allowed));
        }

        if (measures.Count == 0) return Finding.Inconclusive($"no breaker for {dependency} became half-open in the window");
        return Finding.ByMeasures($"breakers for {dependency} became half-open {periods:0} times and let {probes:0} attempts through, {periods * Probes.Of(context):0} may pass", measures);
    }
}
