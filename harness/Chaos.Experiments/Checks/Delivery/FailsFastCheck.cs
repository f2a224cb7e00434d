using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Checks.Options;

namespace Chaos.Experiments.Checks.Delivery;

/// <summary>Does every publish get an answer soon, be it yes or no?</summary>
internal sealed class FailsFastCheck() : Check("fails_fast", "While a dependency is down, publishers get an answer, even a refusal, within the budget.",
    Percentiles.Statistic, P99, MinSamples)
{
    private static readonly NumberOption P99 = new("p99_ms", "Budget of the 99th percentile of the time to an answer, in milliseconds.", null, IsRequired: true);
    private static readonly NumberOption MinSamples = new("min_samples", "Fewest publishes; a p99 cannot be bounded with fewer than 528.", 500, 20, 1e8, Whole: true);

    /// <inheritdoc />
    protected override Finding Judge(CheckContext context)
    {
        var budget = P99.Of(context);
        var judged = Fleets.EndUs(context.Events) - (long)((budget + 1000) * 1000);
        var times = new List<double>();
        foreach (var (_, message) in Feeds.Of(context.Events).DueIn(context.Window))
        {
            if ((message.AckedUs ?? message.FailedUs) is { } us) times.Add(us / 1000.0);
            else if (message.DueUs <= judged) times.Add(double.PositiveInfinity);
        }

        return Percentiles.Judge("publish to any answer", times, [new PercentileBudget("p99", 0.99, budget)], MinSamples.IntOf(context));
    }
}
