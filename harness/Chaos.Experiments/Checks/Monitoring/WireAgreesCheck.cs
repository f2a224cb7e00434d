using System.Globalization;
using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Checks.Options;
using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Checks.Monitoring;

/// <summary>
/// Do the metrics of gateway and proxy say the same, each of which saw the same connections from its own side? Counts must be equal, class by class, in readings of
/// quiet moments: no connection came or went for a second before and a quarter of a second after. Percentiles of round trips must fall into classes that
/// meet, give or take the tolerance, over the readings in the window.
/// </summary>
internal sealed class WireAgreesCheck() : Check("wire_agrees", "What the gateway reports of its connections is what the proxy reports of them from the wire.",
    "difference between the gateway's metric and the proxy's in quiet moments, the largest", Of, MinCount, MinReadings, Tolerance)
{
    private const string RoundTrips = "round_trips";
    private const long QuietBeforeUs = 1_000_000;
    private const long QuietAfterUs = 250_000;

    private static readonly TextOption Of = new("of", "What is compared.", Choices: [.. WireCounts.All.Select(c => c.Name), RoundTrips], IsRequired: true);
    private static readonly NumberOption MinCount = new("min_count", "Fewest things that the proxy must have counted, for the comparison to say anything.", 20, 1, 1e9, Whole: true);
    private static readonly NumberOption MinReadings = new("min_readings", "Fewest readings in quiet moments.", 5, 1, 1e6, Whole: true);
    private static readonly NumberOption Tolerance = new("tolerance", "Share by which percentiles of round trips may differ, beyond the classes that they are known by.", 0.1, 0, 1);

    /// <inheritdoc />
    public override bool ReadsProxy => true;

    /// <inheritdoc />
    protected override Finding Judge(CheckContext context)
    {
        var of = Of.Of(context);
        return of == RoundTrips ? Percentiles(context) : Counts(context, WireCounts.All.First(c => c.Name == of));
    }

    private static Finding Counts(CheckContext context, WireCount count)
    {
        var nodes = WireMetrics.NodesByAddress(context.Events);
        var samples = context.Events.OfType<MetricsSampled>().ToList();
        var changes = context.Events.Where(e => e is LedgerHandshake or LedgerClosed).Select(e => e.At).Order().ToList();
        var quiet = samples.Where(s => s.Part == WireMetrics.Part && context.Window.Contains(s.At) && IsQuiet(s.At, changes)).ToList();
        if (quiet.Count < MinReadings.Of(context)) return Finding.Inconclusive($"the proxy's metrics were read {quiet.Count} times in quiet moments, {MinReadings.Of(context)} readings are needed: lengthen the experiment");
        var compared = quiet.SelectMany(q => Compare(count, q, samples, nodes)).ToList();
        var most = compared.Select(c => c.Proxy).Append(0).Max();
        if (most < MinCount.Of(context)) return Finding.Inconclusive(string.Create(CultureInfo.InvariantCulture, $"the proxy counted {most:0} at most, {MinCount.Of(context)} are needed"));
        var worst = compared.MaxBy(c => Math.Abs(c.Gateway - c.Proxy));
        var difference = Math.Abs(worst.Gateway - worst.Proxy);
        return Finding.ByMeasures(
            difference > 0
                ? string.Create(CultureInfo.InvariantCulture, $"the gateway reports {worst.Gateway:0} of {worst.Class}, the proxy {worst.Proxy:0}")
                : string.Create(CultureInfo.InvariantCulture, $"{count.Name} agree exactly in {quiet.Count} readings, up to {most:0}"),
            [new Measure("difference", difference, 0, "", quiet.Count, difference == 0, "=")]);
    }

    private static IEnumerable<(string Class, double Gateway, double Proxy)> Compare(WireCount count, MetricsSampled proxy, List<MetricsSampled> samples, IReadOnlyDictionary<string, string> nodes)
    {
        // The reading of a node that belongs to the proxy's: the last before it, or the first after it where that comes within the quiet.
        var gateways = samples.Where(s => s.Part != WireMetrics.Part && s.At > proxy.At - QuietBeforeUs && s.At < proxy.At + QuietAfterUs).GroupBy(s => s.Part).Select(p => p.Last());
        var reported = Sum(gateways.SelectMany(g => count.Gateway(new Reported(g.Part, g.Values, nodes))));
        var seen = Sum(count.Proxy(new Reported(proxy.Part, proxy.Values, nodes)));
        return reported.Keys.Union(seen.Keys).Select(c => (c, reported.GetValueOrDefault(c), seen.GetValueOrDefault(c)));
    }

    private static Dictionary<string, double> Sum(IEnumerable<(string Class, double Value)> values) => values.GroupBy(v => v.Class, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Sum(v => v.Value), StringComparer.Ordinal);

    private static bool IsQuiet(long atUs, List<long> changes)
    {
        var next = changes.FindIndex(c => c > atUs - QuietBeforeUs);
        return next < 0 || changes[next] > atUs + QuietAfterUs;
    }

    private static Finding Percentiles(CheckContext context)
    {
        var (gateway, proxy) = (Classes(context, "chaos_rtt_seconds_bucket"), Classes(context, WireMetrics.RoundTrips));
        var (trips, seen) = (Total(gateway), Total(proxy));
        if (Math.Min(trips, seen) < MinCount.Of(context)) return Finding.Inconclusive(string.Create(CultureInfo.InvariantCulture, $"the gateway reports {trips:0} round trips in the window and the proxy {seen:0}, {MinCount.Of(context)} are needed"));
        var share = Tolerance.Of(context);
        var measures = new List<Measure>();
        foreach (var (name, p) in new[] { ("p50", 0.5), ("p95", 0.95), ("p99", 0.99) })
        {
            var (low, high) = ClassOf(gateway, p * trips);
            var (wireLow, wireHigh) = ClassOf(proxy, p * seen);
            var ok = high * (1 + share) >= wireLow && low * (1 - share) <= wireHigh;
            measures.Add(new Measure(name, double.IsPositiveInfinity(high) ? low : high, double.IsPositiveInfinity(wireHigh) ? wireLow : wireHigh, "ms", (long)trips, ok, "≈"));
        }

        return Finding.ByMeasures($"round trips that the gateway reports, and the proxy: {string.Join("; ", measures.Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.Name} up to {m.Value:0.#} and {m.Threshold:0.#} ms{(m.Ok ? "" : " (apart)")}")))}",
            measures, "classes of the percentiles of gateway's and proxy's histograms over the window");
    }

    private static List<HistogramClass> Classes(CheckContext context, string metric)
    {
        var metrics = Metrics.Of(context.Events);
        var bounds = context.Events.OfType<MetricsSampled>().SelectMany(s => Metrics.Values(s, metric)).Select(v => v.Labels["le"]).Distinct();
        return Histogram.Of(bounds.Select(le => (le, metrics.Growth(metric, context.Window, ("le", le)) ?? 0)));
    }

    private static double Total(List<HistogramClass> classes) => classes.Count == 0 ? 0 : classes[^1].Cumulative;

    private static (double LowMs, double HighMs) ClassOf(List<HistogramClass> classes, double rank)
    {
        var index = classes.FindIndex(c => c.Cumulative >= rank);
        return (index <= 0 ? 0 : classes[index - 1].UpperMs, classes[index].UpperMs);
    }
}
