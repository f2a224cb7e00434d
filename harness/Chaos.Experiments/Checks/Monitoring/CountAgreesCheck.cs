using System.Globalization;
using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Checks.Options;
using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Checks.Monitoring;

/// <summary>
/// Does a metric of the gateway say exactly what proxy, clients and scripts counted themselves? Compared are readings in quiet moments:
/// nothing of the kind was seen for a second before and a quarter of a second after, so that neither side can be half way through a
/// change. Both count from the start of the world. Nodes are summed up.
/// </summary>
internal sealed class CountAgreesCheck() : Check("count_agrees", "A count that the gateway reports is exactly what the proxy and the clients counted themselves.",
    "difference between the gateway's count and the harness's own in quiet moments, the largest", Which, MinCount, MinReadings)
{
    private static readonly TextOption Which = new("count", "What is counted.", Choices: [.. Counts.All.Select(c => c.Name)], IsRequired: true);
    private static readonly NumberOption MinCount = new("min_count", "Fewest things that must have been seen, for the comparison to say anything.", 20, 1, 1e9, Whole: true);
    private static readonly NumberOption MinReadings = new("min_readings", "Fewest readings in quiet moments.", 5, 1, 1e6, Whole: true);

    private const long QuietBeforeUs = 1_000_000;
    private const long QuietAfterUs = 250_000;

    /// <inheritdoc />
    protected override Finding Judge(CheckContext context)
    {
        var count = Counts.All.First(c => c.Name == Which.Of(context));
        var seen = count.See(context).OrderBy(s => s.AtUs).ToList();
        var samples = context.Events.OfType<MetricsSampled>().ToList();
        var nodes = samples.Select(s => s.Part).Distinct().Count();
        var quiet = samples.Where(s => s.At > context.Window.FromUs && s.At < context.Window.ToUs && IsQuiet(s.At, seen)).ToList();
        if (quiet.Count < MinReadings.Of(context) * Math.Max(1, nodes))
            return Finding.Inconclusive($"{count.Metric} was read {quiet.Count} times in quiet moments, {MinReadings.Of(context) * Math.Max(1, nodes)} readings are needed: lengthen the experiment");
        var last = quiet[^1].At;
        var total = seen.Count(s => s.AtUs <= last && s.Delta > 0);
        if (total < MinCount.Of(context)) return Finding.Inconclusive($"only {total} {count.Witness}, {MinCount.Of(context)} are needed");
        var worst = quiet.SelectMany(q => Compare(count, At(samples, q.At), seen.Where(s => s.AtUs <= q.At))).MaxBy(d => Math.Abs(d.Reported - d.Seen));
        var difference = Math.Abs(worst.Reported - worst.Seen);
        var what = worst.Class.Length == 0 ? count.Metric : $"{count.Metric} of {worst.Class}";
        return Finding.ByMeasures(
            difference > 0
                ? string.Create(CultureInfo.InvariantCulture, $"the gateway reports {worst.Reported:0} ({what}), the harness counted {worst.Seen:0} {count.Witness}")
                : string.Create(CultureInfo.InvariantCulture, $"{count.Metric} agrees exactly with the {total} {count.Witness}, in {quiet.Count} readings"),
            [new Measure("difference", difference, 0, "", quiet.Count, difference == 0, "=")]);
    }

    /// <summary>The last reading of each node at a moment.</summary>
    private static IEnumerable<MetricsSampled> At(List<MetricsSampled> samples, long atUs) =>
        samples.Where(s => s.At <= atUs).GroupBy(s => s.Part).Select(part => part.Last());

    private static List<(string Class, double Reported, double Seen)> Compare(Count count, IEnumerable<MetricsSampled> readings, IEnumerable<Seen> seen)
    {
        var reported = readings.SelectMany(r => Metrics.Values(r, count.Metric)).Select(v => (Class: count.ClassOf(v.Labels), v.Value)).Where(v => v.Class is not null)
            .GroupBy(v => v.Class!).ToDictionary(g => g.Key, g => g.Sum(v => v.Value));
        var counted = seen.GroupBy(s => s.Class).ToDictionary(g => g.Key, g => (double)g.Sum(s => s.Delta));
        return [.. reported.Keys.Union(counted.Keys).Select(c => (c, reported.GetValueOrDefault(c), counted.GetValueOrDefault(c)))];
    }

    private static bool IsQuiet(long atUs, List<Seen> seen)
    {
        var next = seen.FindIndex(s => s.AtUs > atUs - QuietBeforeUs);
        return next < 0 || seen[next].AtUs > atUs + QuietAfterUs;
    }
}
