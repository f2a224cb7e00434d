using Chaos.Experiments.Checks.Evidence;
using Chaos.Journal.Events;

namespace Chaos.Experiments.Checks.Monitoring;

/// <summary>What a runbook looks at: a figure from the gateway's own metrics, over the two seconds before each reading.</summary>
/// <param name="Name">As in the option <c>indicator</c>.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Of">Its value from growth over the span and the span in seconds; null without data.</param>
internal sealed record Indicator(string Name, string Unit, Func<IReadOnlyDictionary<string, double>, double, double?> Of);

/// <summary>All indicators.</summary>
internal static class Indicators
{
    /// <summary>Length of the span that an indicator looks back over: four readings.</summary>
    public const long SpanUs = 2_000_000;

    public static IReadOnlyList<Indicator> All { get; } =
    [
        new("dependency_p50_ms", "ms", (growth, _) => Quantile(growth, "chaos_dependency_duration_seconds_bucket", 0.5)),
        new("dependency_p95_ms", "ms", (growth, _) => Quantile(growth, "chaos_dependency_duration_seconds_bucket", 0.95)),
        new("round_trip_p50_ms", "ms", (growth, _) => Quantile(growth, "chaos_rtt_seconds_bucket", 0.5)),
        new("round_trip_p95_ms", "ms", (growth, _) => Quantile(growth, "chaos_rtt_seconds_bucket", 0.95)),
        new("handshakes_per_s", "/s", (growth, seconds) => Sum(growth, "chaos_connections_total", _ => true) / seconds),
        new("refused_per_s", "/s", (growth, seconds) => Sum(growth, "chaos_connections_total", l => l.GetValueOrDefault("outcome")?.StartsWith("refused_", StringComparison.Ordinal) ?? false) / seconds),
        new("disconnects_per_s", "/s", (growth, seconds) => Sum(growth, "chaos_disconnects_total", _ => true) / seconds),
        new("errors_per_s", "/s", (growth, seconds) => Sum(growth, "chaos_errors_total", _ => true) / seconds),
    ];

    /// <summary>The indicator at every reading whose span lies after <paramref name="fromUs"/>; nodes are summed up.</summary>
    public static IEnumerable<(long AtUs, double Value)> Readings(this Indicator indicator, IEnumerable<MetricsSampled> samples, long fromUs, long toUs)
    {
        var parts = samples.GroupBy(s => s.Part).Select(g => g.ToList()).ToList();
        if (parts.Count == 0) yield break;
        foreach (var reading in parts[0].Where(r => r.At - SpanUs >= fromUs && r.At <= toUs))
        {
            var growth = new Dictionary<string, double>(StringComparer.Ordinal);
            foreach (var part in parts)
            {
                if (part.LastOrDefault(s => s.At <= reading.At) is not { } now || part.LastOrDefault(s => s.At <= reading.At - SpanUs) is not { } before) continue;
                foreach (var (key, value) in now.Values)
                    growth[key] = growth.GetValueOrDefault(key) + Math.Max(0, value - before.Values.GetValueOrDefault(key));
            }

            if (growth.Count > 0 && indicator.Of(growth, SpanUs / 1e6) is { } figure) yield return (reading.At, figure);
        }
    }

    private static double Sum(IReadOnlyDictionary<string, double> growth, string name, Func<IReadOnlyDictionary<string, string>, bool> counts) =>
        Metrics.Values(growth, name).Where(v => counts(v.Labels)).Sum(v => v.Value);

    /// <summary>As Prometheus' histogram_quantile: linear within the class; the last bound for what lies beyond it.</summary>
    private static double? Quantile(IReadOnlyDictionary<string, double> growth, string name, double p)
    {
        var classes = Histogram.Of(Metrics.Values(growth, name).Select(v => (v.Labels["le"], v.Value)));
        if (classes.Count < 2 || classes[^1].Cumulative == 0) return null;
        var rank = p * classes[^1].Cumulative;
        var index = classes.FindIndex(c => c.Cumulative >= rank);
        if (double.IsPositiveInfinity(classes[index].UpperMs)) return classes[index - 1].UpperMs;
        var (low, before) = index == 0 ? default : classes[index - 1];
        return low + ((classes[index].UpperMs - low) * (rank - before) / Math.Max(classes[index].Cumulative - before, 1e-9));
    }
}
