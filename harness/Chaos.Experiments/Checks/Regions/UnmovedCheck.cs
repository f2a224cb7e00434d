using System.Globalization;
using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Checks.Options;
using Chaos.Experiments.Verdicts;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Checks.Regions;

/// <summary>
/// Does trouble between regions leave those within one alone? The percentile of messages from clients of a region to clients of the same region, in the
/// window, against that of the baseline. A publish that waits for another region even once is as late as the way there is long.
/// </summary>
internal sealed class UnmovedCheck() : Check("unmoved", "Within a region a percentile of latency stays what it was in the baseline, whatever happens elsewhere.",
    "percentile with its distribution-free 99 % interval (order statistics), against the baseline's × ratio + slack", Of, Region, Percentile, Ratio, Slack, MinSamples)
{
    private static readonly TextOption Of = new("of", "delivered: until a subscriber of the region has it; acked: until the publisher has its reply.", "acked", ["delivered", "acked"]);
    private static readonly TextOption Region = new("region", "The region that is looked at; each of them by default.");
    private static readonly NumberOption Percentile = new("percentile", "Which percentile.", 99, 50, 99.9);
    private static readonly NumberOption Ratio = new("ratio", "Limit as a multiple of the baseline's.", 1.1, 1, 100);
    private static readonly NumberOption Slack = new("slack_ms", "Added to the limit, in milliseconds: what the machine's own noise may do to a percentile of a few milliseconds. Less than half the way to another region and back, which is what has to be seen.", 40, 0, 10_000);
    private static readonly NumberOption MinSamples = new("min_samples", "Fewest messages in each window and region; a p99 cannot be bounded with fewer than 528.", 550, 20, 1e8, Whole: true);

    /// <inheritdoc />
    protected override Finding Judge(CheckContext context)
    {
        if (ExperimentWindows.Of(context.Events).Baseline is not { } baseline) return Finding.Inconclusive("the run has no baseline to compare with");
        var findings = new List<Finding>();
        foreach (var region in context.Definition.World.Regions.Select(r => r.Name).Where(r => Region.OrNull(context) is not { } only || only == r)) findings.Add(Judge(context, region, baseline));
        if (findings.Count == 0) return Finding.Inconclusive($"there is no region '{Region.OrNull(context)}'");
        var worst = findings.Find(f => f.Outcome == ExpectationOutcome.Broken) ?? findings.Find(f => f.Outcome == ExpectationOutcome.Inconclusive) ?? findings[0];
        return new Finding(worst.Outcome, string.Join("; ", findings.Select(f => f.Sentence)), [.. findings.SelectMany(f => f.Measures)]);
    }

    private static Finding Judge(CheckContext context, string region, Window baseline)
    {
        var (before, during) = (SampleMs(context, region, baseline), SampleMs(context, region, context.Window));
        var least = MinSamples.IntOf(context);
        if (before.Length < least) return Finding.Inconclusive($"{region}: only {before.Length} samples in the baseline, {least} are needed");
        var p = Percentile.Of(context) / 100;
        var was = before[(int)Math.Ceiling(p * before.Length) - 1];
        var limit = (was * Ratio.Of(context)) + Slack.Of(context);
        var name = string.Create(CultureInfo.InvariantCulture, $"p{Percentile.Of(context):0.#}");
        var finding = Within(limit);
        if (finding.Outcome != ExpectationOutcome.Met || Waiting(context, region, before) is not { } waiting || limit <= waiting) return finding;
        // A noisy baseline allows more than what is to be seen takes.
        var stricter = Within(waiting);
        return stricter.Outcome == ExpectationOutcome.Met
            ? stricter
            : Finding.Inconclusive(string.Create(CultureInfo.InvariantCulture,
                $"{region}: a message that waits for another region takes about {waiting:0} ms, which is within the limit of {limit:0} ms: lower slack_ms, or repeat it on a machine that is free"));

        Finding Within(double most) =>
            Percentiles.Judge(string.Create(CultureInfo.InvariantCulture, $"{region} ({name} was {was:0.##} ms)"), during, [new PercentileBudget($"{region} {name}", p, most)], least);
    }

    /// <summary>What a message takes that asks the nearest other region once: the way there and back, and its own time. Null where the world has no distances.</summary>
    private static double? Waiting(CheckContext context, string region, double[] before)
    {
        var distances = context.Definition.World.Regions.Where(r => r.Name != region).Select(r => context.Definition.World.RoundTripMs(region, r.Name)).Where(ms => ms > 0).ToList();
        return distances.Count == 0 ? null : distances.Min() + before[before.Length / 2];
    }

    private static double[] SampleMs(CheckContext context, string region, Window window) => [.. (Of.Of(context) == "acked" ? AckedMs(context, region, window) : DeliveredMs(context, region, window)).Order()];

    private static IEnumerable<double> AckedMs(CheckContext context, string region, Window window)
    {
        foreach (var (feed, message) in Feeds.Of(context.Events).DueIn(window))
        {
            if (Homes.Of(context.Definition, feed.Publisher) == region) yield return message.AckedUs is { } us ? us / 1000.0 : double.PositiveInfinity;
        }
    }

    private static IEnumerable<double> DeliveredMs(CheckContext context, string region, Window window)
    {
        var deliveries = Deliveries.Of(context.Events);
        foreach (var (feed, message) in Feeds.Of(context.Events).DueIn(window))
        {
            if (Homes.Of(context.Definition, feed.Publisher) != region) continue;
            foreach (var stay in deliveries.On(feed.Channel).Where(s => s.Covers(message.DueUs) && Homes.Of(context.Definition, s.Client) == region))
                yield return deliveries.Find(stay.Client, feed, message.N) is { } us ? us / 1000.0 : double.PositiveInfinity;
        }
    }
}
