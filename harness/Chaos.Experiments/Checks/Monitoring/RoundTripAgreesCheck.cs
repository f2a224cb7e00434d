using System.Globalization;
using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Checks.Options;
using Chaos.Experiments.Checks.Rules;
using Chaos.Experiments.Statistics;
using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Checks.Monitoring;

/// <summary>
/// Are the round trips that the gateway reports (ping to pong, a histogram) those that clients have? The clients' own measure is publish
/// to reply, over the same links: what the store adds to it is a part of the tolerance. <see cref="AgreementRule"/> decides.
/// </summary>
internal sealed class RoundTripAgreesCheck() : Check("round_trip_agrees", "The round-trip percentiles that the gateway reports are those that clients measure.",
    "percentiles of the gateway's histogram against those of publish → reply, each with its 99 % interval", ToleranceShare, ToleranceMs, MinSamples)
{
    private static readonly NumberOption ToleranceShare = new("tolerance", "Share by which they may differ.", 0.1, 0, 1);
    private static readonly NumberOption ToleranceMs = new("tolerance_ms", "Milliseconds by which they may differ besides: what the store takes.", 5, 0, 1000);
    private static readonly NumberOption MinSamples = new("min_samples", "Fewest round trips on either side: 547 bound a 99th percentile at 99 %.", 547, 20, 1e9, Whole: true);

    /// <inheritdoc />
    protected override Finding Judge(CheckContext context)
    {
        var clients = context.Events.OfType<ClientAcked>().SelectMany(e => e.SentAt.Zip(e.Us))
            .Where(a => a.First + a.Second > context.Window.FromUs && a.First + a.Second < context.Window.ToUs).Select(a => a.Second / 1000.0).Order().ToArray();
        var histogram = RoundTrips(context);
        var trips = histogram.Count == 0 ? 0 : histogram[^1].Cumulative;
        if (clients.Length < MinSamples.Of(context)) return Finding.Inconclusive($"only {clients.Length} publishes were answered in the window, {MinSamples.Of(context)} are needed");
        if (trips < MinSamples.Of(context)) return Finding.Inconclusive($"the gateway reported only {trips:0} round trips in the window, {MinSamples.Of(context)} are needed: shorten its ping_interval_ms or lengthen the window");
        var (share, extra) = (ToleranceShare.Of(context), ToleranceMs.Of(context));
        var measures = new List<Measure>();
        var parts = new List<string>();
        foreach (var (name, p) in new[] { ("p50", 0.5), ("p95", 0.95), ("p99", 0.99) })
        {
            var (low, high) = ClassOf(histogram, p * trips);
            var value = Quantiles.Of(clients, p);
            // The clients' percentile is the threshold, the nearest edge of the gateway's class the value.
            var ok = AgreementRule.Agree(low, high, clients, p, share, extra);
            measures.Add(new Measure(name, value < low ? low : value > high ? high : value, value, "ms", (long)trips, ok, "≈"));
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{name} {low:0.#} to {high:0.#} ms, clients measured {value:0.#} ms{(ok ? "" : " (apart)")}"));
        }

        return Finding.ByMeasures($"round trips that the gateway reports: {string.Join("; ", parts)}", measures);
    }

    /// <summary>Growth of the histogram's classes in the window, over all nodes: upper bound in milliseconds and count up to it.</summary>
    private static List<HistogramClass> RoundTrips(CheckContext context)
    {
        const string name = "chaos_rtt_seconds_bucket";
        var metrics = Metrics.Of(context.Events);
        var bounds = context.Events.OfType<MetricsSampled>().SelectMany(s => Metrics.Values(s, name)).Select(v => v.Labels["le"]).Distinct();
        return Histogram.Of(bounds.Select(le => (le, metrics.Growth(name, context.Window, ("le", le)) ?? 0)));
    }

    private static (double LowMs, double HighMs) ClassOf(List<HistogramClass> histogram, double rank)
    {
        var index = histogram.FindIndex(b => b.Cumulative >= rank);
        return (index <= 0 ? 0 : histogram[index - 1].UpperMs, histogram[index].UpperMs);
    }
}
