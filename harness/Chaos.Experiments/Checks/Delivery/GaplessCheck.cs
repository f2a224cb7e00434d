using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Checks.Options;
using Chaos.Experiments.Checks.Rules;
using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Checks.Delivery;

/// <summary>Is every stream whole and in order, whatever was cut?</summary>
internal sealed class GaplessCheck() : Check("gapless",
    "Across cuts, each client gets each publisher's messages exactly once and in order: no gap, no duplicate, no inversion.",
    "count of gaps, duplicates and inversions over the whole run; 95 % upper bound of their rate a cut (rule of three)", MinCuts, Fault)
{
    internal static readonly NumberOption MinCuts = new("min_cuts", "Fewest connections that must have been cut; 300 without a defect bound the rate below 1 %. With 0, deliveries are counted instead of cuts.", 200, 0, 1e6, Whole: true);
    private static readonly TextOption Fault = new("fault", "Name of the fault whose cuts count; all by default.");

    /// <inheritdoc />
    public override bool IsTimed => false;

    /// <inheritdoc />
    protected override Finding Judge(CheckContext context)
    {
        var fault = Fleets.FaultOf(context, Fault.OrNull(context));
        long cuts = context.Events.OfType<LedgerClosed>().Count(c => c.By == "fault" && c.Link == context.Definition.Fleet.Link
            && context.Window.Contains(c.At) && Fleets.IsClient(c.Client) && (fault is null || Fleets.IsFault(c.Fault, fault)));
        var streams = Streams(context).ToList();
        var delivered = streams.Sum(s => s.Delivered);
        if (delivered == 0) return Finding.Inconclusive("no message was delivered");
        long gaps = streams.Sum(s => s.Gaps), duplicates = streams.Sum(s => s.Duplicates), inversions = streams.Sum(s => s.Inversions);
        var defects = gaps + duplicates + inversions;
        var least = MinCuts.Of(context);
        var (sample, unit) = least > 0 ? (cuts, "cuts") : (delivered, "deliveries");
        var (_, bound) = CountRules.AtMost(defects, Math.Max(1, sample), 0);
        Measure[] measures =
        [
            new("gaps", gaps, 0, "", sample, gaps == 0, "="),
            new("duplicates", duplicates, 0, "", sample, duplicates == 0, "="),
            new("inversions", inversions, 0, "", sample, inversions == 0, "="),
        ];
        if (defects > 0)
        {
            var example = streams.First(s => s.Gaps + s.Duplicates + s.Inversions > 0);
            return Finding.ByMeasures($"{gaps} gaps, {duplicates} duplicates and {inversions} inversions over {cuts} cuts and {delivered} deliveries; first {example.Example}", measures);
        }

        if (cuts < least) return Finding.Inconclusive($"{cuts} connections were cut, {least} are needed", measures);
        return Finding.ByMeasures($"no gap, duplicate or inversion over {cuts} cuts and {delivered} deliveries; a defect's rate is below {bound * 100:0.##} % of {unit} with 95 % confidence", measures);
    }

    private static IEnumerable<StreamFinding> Streams(CheckContext context)
    {
        var deliveries = Deliveries.Of(context.Events);
        foreach (var (feed, messages) in Feeds.Of(context.Events).All)
        {
            var due = messages.Where(m => m.AckedUs is not null).ToList();
            foreach (var stay in deliveries.On(feed.Channel)) yield return Inspect(stay, feed, due, deliveries.Order(stay.Client, feed));
        }
    }

    private static StreamFinding Inspect(Stay stay, FeedKey feed, List<DueMessage> acked, IReadOnlyList<long> order)
    {
        var seen = new HashSet<long>();
        long highest = 0, duplicates = 0, inversions = 0;
        string? example = null;
        foreach (var n in order)
        {
            if (!seen.Add(n))
            {
                duplicates++;
                example ??= $"{stay.Client} got message {n} of {feed.Publisher} on {feed.Channel} twice";
            }
            else if (n < highest)
            {
                inversions++;
                example ??= $"{stay.Client} got message {n} of {feed.Publisher} on {feed.Channel} after {highest}";
            }

            highest = Math.Max(highest, n);
        }

        long gaps = 0;
        foreach (var message in acked.Where(m => stay.Covers(m.DueUs) && !seen.Contains(m.N)))
        {
            gaps++;
            example ??= $"{stay.Client} never got message {message.N} of {feed.Publisher} on {feed.Channel}";
        }

        return new StreamFinding(order.Count, gaps, duplicates, inversions, example);
    }

    private sealed record StreamFinding(long Delivered, long Gaps, long Duplicates, long Inversions, string? Example);
}
