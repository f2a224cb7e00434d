using System.Globalization;
using Chaos.Experiments.Checks.Monitoring;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Statistics;
using Chaos.Journal.Events;

namespace Chaos.Experiments.Rehearsals;

/// <summary>What a probe says.</summary>
/// <param name="Value">Median of the readings; null when there were too few.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Readings">Number of readings.</param>
/// <param name="Found">Whether it finds its cause.</param>
public sealed record ProbeAnswer(double? Value, string Unit, int Readings, bool Found);

/// <summary>Evaluates probes and shows indicators: pure functions of the metrics that were read.</summary>
internal static class Probes
{
    /// <summary>Fewest readings that a probe answers to.</summary>
    public const int MinReadings = 3;

    /// <summary>The dependency that indicators are about where they are about one.</summary>
    private const string Dependency = "redis";

    /// <summary>
    /// The median of an indicator over the probe's time: one busy moment does not move it, and what is only beginning does not yet either.
    /// </summary>
    public static ProbeAnswer Evaluate(ProbeDefinition probe, IReadOnlyList<MetricsSampled> samples, long nowUs)
    {
        var indicator = Find(probe.Indicator);
        var values = Readings(indicator, probe.Node, samples, nowUs, probe.Over);
        if (values.Count < MinReadings) return new ProbeAnswer(null, indicator.Unit, values.Count, false);
        var median = Moments.Median(values);
        return new ProbeAnswer(median, indicator.Unit, values.Count, probe.IsAbove ? median > probe.Limit : median < probe.Limit);
    }

    /// <summary>The latest reading of an indicator; null when there is none.</summary>
    public static (double? Value, string Unit) Latest(string name, IReadOnlyList<MetricsSampled> samples, long nowUs)
    {
        var indicator = Find(name);
        var values = Readings(indicator, null, samples, nowUs, TimeSpan.FromSeconds(2));
        return (values.Count == 0 ? null : values[^1], indicator.Unit);
    }

    /// <summary>Connections by region in the latest readings, and each region's share of all, in words; null where nothing was read.</summary>
    public static string? ByRegion(IReadOnlyList<MetricsSampled> samples, long nowUs)
    {
        var now = samples.Where(s => s.At > nowUs - Indicators.SpanUs && s.At <= nowUs).GroupBy(s => s.Part, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.MaxBy(s => s.At)!.Values, StringComparer.Ordinal);
        var regions = Indicators.Regions(now).OrderBy(r => r.Region, StringComparer.Ordinal).ToList();
        var all = Math.Max(1, regions.Sum(r => r.Connections));
        return regions.Count == 0 ? null : $"connections {string.Join(", ", regions.Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Region} {r.Connections:0} ({r.Connections / all:0 %})")))}";
    }

    private static Indicator Find(string name) => Indicators.All.First(i => i.Name == name);

    private static List<double> Readings(Indicator indicator, string? node, IReadOnlyList<MetricsSampled> samples, long nowUs, TimeSpan over)
    {
        var from = nowUs - (long)over.TotalMicroseconds - Indicators.SpanUs;
        // Rates are taken at the readings of one process: of the one that was heard last, since others may have ended.
        var recent = Indicators.About(samples.Where(s => s.At > from - Indicators.SpanUs && s.At <= nowUs), node, Dependency)
            .GroupBy(s => s.Part, StringComparer.Ordinal).OrderBy(g => g.Max(s => s.At) < nowUs - 1_500_000).ThenBy(g => g.Min(s => s.At)).SelectMany(g => g.OrderBy(s => s.At)).ToList();
        return [.. indicator.Readings(indicator is StateIndicator ? recent.OrderBy(s => s.At) : recent, from, nowUs).Select(r => r.Value)];
    }
}
