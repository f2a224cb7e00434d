using System.Text.RegularExpressions;
using Chaos.Journal.Events;

namespace Chaos.Experiments.Checks.Evidence;

/// <summary>One reading of a metric, summed over the label sets that match.</summary>
internal readonly record struct Reading(long AtUs, double Value);

/// <summary>Series of metrics that the journal holds.</summary>
internal sealed partial class Metrics
{
    private readonly IReadOnlyList<MetricsSampled> _samples;

    private Metrics(IReadOnlyList<MetricsSampled> samples) => _samples = samples;

    /// <summary>Reads them.</summary>
    public static Metrics Of(IReadOnlyList<JournalEvent> events) => new([.. events.OfType<MetricsSampled>()]);

    /// <summary>Parts that reported a metric with these labels at least once, with its readings in order of time. A reading
    /// without the metric counts as 0: counters appear with their first increment.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Reading>> Series(string name, params (string Label, string Value)[] labels)
    {
        var series = new Dictionary<string, IReadOnlyList<Reading>>();
        foreach (var part in _samples.GroupBy(s => s.Part))
        {
            var readings = part.Select(s => (s.At, Matches: s.Values.Where(v => Matches(v.Key, name, labels)).Select(v => v.Value).ToList())).ToList();
            if (readings.Any(r => r.Matches.Count > 0)) series[part.Key] = [.. readings.Select(r => new Reading(r.At, r.Matches.Sum()))];
        }

        return series;
    }

    /// <summary>The label sets of a metric in one reading, with their values.</summary>
    public static IEnumerable<(IReadOnlyDictionary<string, string> Labels, double Value)> Values(MetricsSampled sample, string name) => Values(sample.Values, name);

    /// <summary>The same of values by key.</summary>
    public static IEnumerable<(IReadOnlyDictionary<string, string> Labels, double Value)> Values(IReadOnlyDictionary<string, double> values, string name) =>
        values.Where(v => Matches(v.Key, name, [])).Select(v =>
            ((IReadOnlyDictionary<string, string>)LabelPattern().Matches(v.Key).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value), v.Value));

    /// <summary>Time between two readings of a part, in microseconds: the median; 0 with fewer than two.</summary>
    public long IntervalUs()
    {
        var gaps = _samples.GroupBy(s => s.Part).SelectMany(p => p.Zip(p.Skip(1), (a, b) => (double)(b.At - a.At))).ToList();
        return gaps.Count == 0 ? 0 : (long)Statistics.Moments.Median(gaps);
    }

    /// <summary>
    /// How much a counter grew in a window: from the last reading at or before its start (else the first within) to the last within.
    /// A fall means that the process was restarted, and counts from 0.
    /// </summary>
    /// <returns>Null with fewer than two readings.</returns>
    public static double? Growth(IReadOnlyList<Reading> readings, Window window)
    {
        var before = readings.Where(r => r.AtUs <= window.FromUs).Cast<Reading?>().LastOrDefault();
        var used = readings.Where(r => r.AtUs > window.FromUs && r.AtUs < window.ToUs).ToList();
        if (before is { } first) used.Insert(0, first);
        if (used.Count < 2) return null;
        return used.Zip(used.Skip(1), (a, b) => b.Value >= a.Value ? b.Value - a.Value : b.Value).Sum();
    }

    /// <summary>Growth of a counter summed over all parts; null when no part has readings.</summary>
    public double? Growth(string name, Window window, params (string Label, string Value)[] labels)
    {
        var parts = Series(name, labels).Values.Select(r => Growth(r, window)).Where(g => g is not null).ToList();
        return parts.Count == 0 ? null : parts.Sum();
    }

    private static bool Matches(string key, string name, (string Label, string Value)[] labels)
    {
        var open = key.IndexOf('{', StringComparison.Ordinal);
        if ((open < 0 ? key : key[..open]) != name) return false;
        if (labels.Length == 0) return true;
        var found = LabelPattern().Matches(key).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);
        return labels.All(l => found.TryGetValue(l.Label, out var value) && Plain(value) == Plain(l.Value));
    }

    // "half-open", "half_open" and "HalfOpen" are the same state.
    private static string Plain(string value) => value.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToUpperInvariant();

    [GeneratedRegex("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"")]
    private static partial Regex LabelPattern();
}
