using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Checks.Options;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Sensitivity;
using Chaos.Journal.Events;

namespace Chaos.Experiments.Checks.Delivery;

/// <summary>
/// Are messages in time? Each counts from the moment it was due (open loop), in the window in which it was due; what never
/// arrived counts as infinitely late, so a system cannot look fast by losing what is slow.
/// </summary>
internal sealed class LatencyCheck() : Check("latency", "Percentiles of publish to delivered (or to acknowledged) are within their budgets.",
    Percentiles.Statistic, Of, P50, P95, P99, MinSamples), ISensitive
{
    private static readonly TextOption Of = new("of", "delivered: until a subscriber's application has it; acked: until the publisher has its reply.", "delivered", ["delivered", "acked"]);
    internal static readonly NumberOption P50 = new("p50_ms", "Budget of the median, in milliseconds.", null, Budget: BudgetKeys.P50);
    internal static readonly NumberOption P95 = new("p95_ms", "Budget of the 95th percentile, in milliseconds.", null, Budget: BudgetKeys.P95);
    internal static readonly NumberOption P99 = new("p99_ms", "Budget of the 99th percentile, in milliseconds.", null, Budget: BudgetKeys.P99);
    internal static readonly NumberOption MinSamples = new("min_samples", "Fewest messages (times subscribers, for delivered); a p99 cannot be bounded with fewer than 528.", 500, 20, 1e8, Whole: true);

    /// <inheritdoc />
    protected override Finding Judge(CheckContext context)
    {
        var budgets = BudgetsOf(context);
        return Percentiles.Judge(Of.Of(context) == "delivered" ? "publish to delivered" : "publish to acknowledged",
            SampleMs(context, budgets), budgets, MinSamples.IntOf(context));
    }

    /// <inheritdoc />
    public IReadOnlyList<Defect> Defects(CheckContext context)
    {
        var budgets = BudgetsOf(context);
        double[] sorted = [.. SampleMs(context, budgets).Order()];
        return sorted.Length < MinSamples.Of(context) ? [] : LatencyDefects.Of(sorted, budgets);
    }

    private static List<PercentileBudget> BudgetsOf(CheckContext context)
    {
        var budgets = new List<PercentileBudget>();
        if (P50.OrNull(context) is { } p50) budgets.Add(new PercentileBudget("p50", 0.50, p50));
        if (P95.OrNull(context) is { } p95) budgets.Add(new PercentileBudget("p95", 0.95, p95));
        if (P99.OrNull(context) is { } p99) budgets.Add(new PercentileBudget("p99", 0.99, p99));
        return budgets;
    }

    // Of what had not come when the journal ends, only what is older than every budget is known to be late.
    private static IEnumerable<double> SampleMs(CheckContext context, IReadOnlyList<PercentileBudget> budgets)
    {
        var grace = (long)((budgets.Select(b => b.BudgetMs).DefaultIfEmpty(0).Max() + 1000) * 1000);
        var judged = Fleets.EndUs(context.Events) - grace;
        return Of.Of(context) == "delivered" ? DeliveredMs(context, judged) : AckedMs(context, judged);
    }

    private static IEnumerable<double> DeliveredMs(CheckContext context, long judgedUs)
    {
        var deliveries = Deliveries.Of(context.Events);
        foreach (var (feed, message) in Feeds.Of(context.Events).DueIn(context.Window))
        {
            foreach (var stay in deliveries.On(feed.Channel).Where(s => s.Covers(message.DueUs)))
            {
                if (deliveries.Find(stay.Client, feed, message.N) is { } us) yield return us / 1000.0;
                else if (message.DueUs <= judgedUs) yield return double.PositiveInfinity;
            }
        }
    }

    private static IEnumerable<double> AckedMs(CheckContext context, long judgedUs)
    {
        foreach (var (_, message) in Feeds.Of(context.Events).DueIn(context.Window))
        {
            if (message.AckedUs is { } us) yield return us / 1000.0;
            else if (message.FailedUs is not null || message.DueUs <= judgedUs) yield return double.PositiveInfinity;
        }
    }
}
