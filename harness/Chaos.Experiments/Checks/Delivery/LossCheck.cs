using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Checks.Options;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Checks.Rules;
using Chaos.Experiments.Sensitivity;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Checks.Delivery;

/// <summary>Is nothing lost that was acknowledged?</summary>
internal sealed class LossCheck() : Check("loss", "Every message that was acknowledged reaches every client that was subscribed before it was sent.",
    "count of acknowledged messages never delivered, with a 95 % upper bound of the rate (rule of three)", Max, MinSamples), ISensitive
{
    internal static readonly NumberOption Max = new("max", "Most deliveries that may be missing.", 0, 0, 1e9, Whole: true, Budget: BudgetKeys.Lost);
    internal static readonly NumberOption MinSamples = new("min_samples", "Fewest acknowledged messages times subscribers.", 100, 1, 1e9, Whole: true);

    /// <inheritdoc />
    public override bool IsTimed => false;

    /// <inheritdoc />
    protected override Finding Judge(CheckContext context)
    {
        var (due, lost, first) = Count(context);
        if (due < MinSamples.Of(context)) return Finding.Inconclusive($"{due} deliveries were due, {MinSamples.Of(context)} are needed");
        var max = Max.Of(context);
        var (ok, bound) = CountRules.AtMost(lost, due, max);
        return Finding.ByMeasures(
            $"{lost} of {due} due deliveries were lost, {max:0} may be{(first is null ? "" : $" ({first})")}; the rate is below {bound * 100:0.####} % with 95 % confidence",
            [new Measure("lost", lost, max, "", due, ok, High: bound * due)]);
    }

    /// <inheritdoc />
    public IReadOnlyList<Defect> Defects(CheckContext context)
    {
        var due = (int)Count(context).Due;
        if (due < MinSamples.Of(context)) return [];
        var max = Max.Of(context);
        double[] expected = [0, 0.1, 0.3, 0.7, 1, 2, 3, 4, 5, 7, 10, 15];
        return [new("deliveries lost", "per million", due, [.. expected.Select(e => Math.Round(e * (max + 1) / due * 1e6, 1))],
            (random, size) => !CountRules.AtMost(Draws.Binomial(random, due, size / 1e6), due, max).Ok)];
    }

    private static (long Due, long Lost, string? First) Count(CheckContext context)
    {
        var deliveries = Deliveries.Of(context.Events);
        long due = 0, lost = 0;
        string? first = null;
        foreach (var (feed, message) in Feeds.Of(context.Events).DueIn(context.Window).Where(m => m.Message.AckedUs is not null))
        {
            foreach (var stay in deliveries.On(feed.Channel).Where(s => s.Covers(message.DueUs)))
            {
                due++;
                if (deliveries.Find(stay.Client, feed, message.N) is not null) continue;
                lost++;
                first ??= $"message {message.N} of {feed.Publisher} on {feed.Channel} never reached {stay.Client}";
            }
        }

        return (due, lost, first);
    }
}
