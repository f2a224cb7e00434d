using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Checks.Options;
using Chaos.Experiments.Checks.Rules;
using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Checks.Delivery;

/// <summary>Are few publishes refused?</summary>
internal sealed class ErrorsCheck() : Check("errors", "The share of publishes that are refused for good is within its limit.",
    "share with its exact 99 % interval (Clopper–Pearson); broken when the whole of it is above the limit", MaxShare, Code, MinSamples)
{
    private static readonly NumberOption MaxShare = new("max_share", "Largest share of publishes that may be refused, 0 to 1.", 0, 0, 1);
    private static readonly NumberOption Code = new("code", "Count only this error code; all by default.", null, 0, 9999, Whole: true);
    private static readonly NumberOption MinSamples = new("min_samples", "Fewest publishes.", 100, 1, 1e8, Whole: true);

    /// <inheritdoc />
    protected override Finding Judge(CheckContext context)
    {
        var code = Code.OrNull(context);
        var refused = context.Events.OfType<ClientPublishFailed>().Count(e => context.Window.Contains(e.At - e.Us) && (code is null || e.Code == (int)code));
        var answered = Feeds.Of(context.Events).DueIn(context.Window).Count(m => m.Message.AckedUs is not null || m.Message.FailedUs is not null);
        if (answered < MinSamples.Of(context)) return Finding.Inconclusive($"{answered} publishes were answered, {MinSamples.Of(context)} are needed");
        var max = MaxShare.Of(context);
        var (share, interval, outcome) = CountRules.Within(refused, answered, max);
        return new Finding(outcome, $"{refused} of {answered} publishes were refused{(code is null ? "" : $" with {code}")}, {max * 100:0.##} % may be",
            [new Measure("refused", share * 100, max * 100, "%", answered, share <= max, Low: interval.Low * 100, High: interval.High * 100)]);
    }
}
