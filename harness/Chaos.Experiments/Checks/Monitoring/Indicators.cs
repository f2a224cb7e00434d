using Chaos.Experiments.Checks.Evidence;
using Chaos.Journal.Events;

namespace Chaos.Experiments.Checks.Monitoring;

/// <summary>What a runbook looks at: a figure from the gateway's own metrics.</summary>
/// <param name="Name">As in the option <c>indicator</c>.</param>
/// <param name="Unit">Its unit.</param>
internal abstract record Indicator(string Name, string Unit)
{
    /// <summary>The figure at every reading between two moments.</summary>
    public abstract IEnumerable<(long AtUs, double Value)> Readings(IEnumerable<MetricsSampled> samples, long fromUs, long toUs);
}

/// <summary>A figure from how much counters grew over the two seconds before each reading; nodes are summed up. A reading counts when all of them lie in the window.</summary>
/// <param name="Of">Its value from growth over the span and the span in seconds; null without data.</param>
internal sealed record GrowthIndicator(string Name, string Unit, Func<IReadOnlyDictionary<string, double>, double, double?> Of) : Indicator(Name, Unit)
{
    /// <inheritdoc />
    public override IEnumerable<(long AtUs, double Value)> Readings(IEnumerable<MetricsSampled> samples, long fromUs, long toUs)
    {
        var parts = samples.GroupBy(s => s.Part).Select(g => g.ToList()).ToList();
        if (parts.Count == 0) yield break;
        foreach (var reading in parts[0].Where(r => r.At - Indicators.SpanUs >= fromUs && r.At <= toUs))
        {
            var growth = new Dictionary<string, double>(StringComparer.Ordinal);
            foreach (var part in parts)
            {
                if (part.LastOrDefault(s => s.At <= reading.At) is not { } now || part.LastOrDefault(s => s.At <= reading.At - Indicators.SpanUs) is not { } before) continue;
                foreach (var (key, value) in now.Values)
                    growth[key] = growth.GetValueOrDefault(key) + Math.Max(0, value - before.Values.GetValueOrDefault(key));
            }

            if (growth.Count > 0 && Of(growth, Indicators.SpanUs / 1e6) is { } figure) yield return (reading.At, figure);
        }
    }
}

/// <summary>A figure from what nodes say of the moment; one that has said nothing for two seconds is left out.</summary>
/// <param name="Of">Its value from the latest values of each node; null without data.</param>
internal sealed record StateIndicator(string Name, string Unit, Func<IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>>, double?> Of) : Indicator(Name, Unit)
{
    /// <inheritdoc />
    public override IEnumerable<(long AtUs, double Value)> Readings(IEnumerable<MetricsSampled> samples, long fromUs, long toUs)
    {
        var latest = new Dictionary<string, MetricsSampled>(StringComparer.Ordinal);
        foreach (var sample in samples.Where(s => s.At <= toUs))
        {
            latest[sample.Part] = sample;
            if (sample.At < fromUs) continue;
            var now = latest.Where(l => l.Value.At > sample.At - Indicators.SpanUs).ToDictionary(l => l.Key, l => l.Value.Values, StringComparer.Ordinal);
            if (Of(now) is { } figure) yield return (sample.At, figure);
        }
    }
}

/// <summary>All indicators.</summary>
internal static class Indicators
{
    /// <summary>Length of the span that an indicator looks back over: four readings.</summary>
    public const long SpanUs = 2_000_000;

    public static IReadOnlyList<Indicator> All { get; } =
    [
        new GrowthIndicator("dependency_p50_ms", "ms", (growth, _) => Quantile(growth, "chaos_dependency_duration_seconds_bucket", 0.5)),
        new GrowthIndicator("dependency_p95_ms", "ms", (growth, _) => Quantile(growth, "chaos_dependency_duration_seconds_bucket", 0.95)),
        new GrowthIndicator("round_trip_p50_ms", "ms", (growth, _) => Quantile(growth, "chaos_rtt_seconds_bucket", 0.5)),
        new GrowthIndicator("round_trip_p95_ms", "ms", (growth, _) => Quantile(growth, "chaos_rtt_seconds_bucket", 0.95)),
        new GrowthIndicator("handshakes_per_s", "/s", (growth, seconds) => Sum(growth, "chaos_connections_total", _ => true) / seconds),
        new GrowthIndicator("refused_per_s", "/s", (growth, seconds) => Sum(growth, "chaos_connections_total", l => l.GetValueOrDefault("outcome")?.StartsWith("refused_", StringComparison.Ordinal) ?? false) / seconds),
        new GrowthIndicator("disconnects_per_s", "/s", (growth, seconds) => Sum(growth, "chaos_disconnects_total", _ => true) / seconds),
        new GrowthIndicator("errors_per_s", "/s", (growth, seconds) => Sum(growth, "chaos_errors_total", _ => true) / seconds),
        new GrowthIndicator("publishes_per_s", "/s", (growth, seconds) => Sum(growth, "chaos_publishes_total", _ => true) / seconds),
        new StateIndicator("imbalance_ratio", "×", Imbalance),
        new StateIndicator("replication_lag_ms", "ms", now => Largest(now, "chaos_replication_lag_seconds") * 1000),
        new StateIndicator("replication_waiting", "entries", now => Largest(now, "chaos_replication_waiting")),
    ];

    /// <summary>The samples of one node, or of all, with the series that are about one dependency or about none.</summary>
    /// <param name="samples">All samples.</param>
    /// <param name="node">The node; null for all.</param>
    /// <param name="dependency">The dependency.</param>
    public static IEnumerable<MetricsSampled> About(IEnumerable<MetricsSampled> samples, string? node, string dependency) =>
        samples.Where(s => node is null || s.Part == node).Select(s => s with { Values = s.Values.Where(v => IsAbout(v.Key, dependency)).ToDictionary(StringComparer.Ordinal) });

    private static bool IsAbout(string series, string dependency) =>
        !series.Contains("dependency=\"", StringComparison.Ordinal) || series.Contains($"dependency=\"{dependency}\"", StringComparison.Ordinal);

    /// <summary>Connections of each region, from what its nodes say of the moment.</summary>
    /// <param name="now">The latest values of each node.</param>
    public static IReadOnlyList<(string Region, double Connections)> Regions(IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> now) =>
    [
        .. now.Select(n => (Region: Homes.OfNode(n.Key), Active: Metrics.Values(n.Value, "chaos_connections_active").Select(v => (double?)v.Value).Sum()))
            .Where(n => n.Region is not null && n.Active is not null).GroupBy(n => n.Region!, n => n.Active!.Value, StringComparer.Ordinal).Select(g => (g.Key, g.Sum())),
    ];

    /// <summary>Connections of the fullest region over the mean of all; null with fewer than two regions or without connections.</summary>
    private static double? Imbalance(IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> now)
    {
        var regions = Regions(now);
        return regions.Count < 2 || regions.Sum(r => r.Connections) == 0 ? null : regions.Max(r => r.Connections) / regions.Average(r => r.Connections);
    }

    private static double? Largest(IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> now, string metric) =>
        now.SelectMany(n => Metrics.Values(n.Value, metric)).Select(v => (double?)v.Value).Max();

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
