using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Checks.Options;
using Chaos.Experiments.Checks.Rules;
using Chaos.Experiments.Verdicts;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Checks.Dependencies;

/// <summary>Does the system come back by itself once the fault is gone, to what it did before?</summary>
internal sealed class RecoversCheck() : Check("recovers",
    "After the fault a publish is acknowledged in time, and the rest of the recovery carries at least 95 % of the baseline.",
    "time to the first acknowledgement, and acknowledged messages a second over those of the baseline", Within, MinShare, MinSamples)
{
    private static readonly NumberOption Within = new("within_ms", "Limit from the end of the window to the first acknowledged publish, in milliseconds.", null, IsRequired: true);
    private static readonly NumberOption MinShare = new("min_share", "Least goodput of the rest of the recovery, as a share of the baseline's.", 0.95, 0, 1);
    private static readonly NumberOption MinSamples = new("min_samples", "Fewest acknowledged publishes in the baseline.", 100, 1, 1e8, Whole: true);

    private static readonly TimeSpan LeastRest = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc />
    protected override Finding Judge(CheckContext context)
    {
        var windows = ExperimentWindows.Of(context.Events);
        if (windows.Baseline is not { } baseline || windows.Recovery is not { } recovery) return Finding.Inconclusive("the run has no baseline and recovery to compare");
        var offUs = context.Window.ToUs;
        var within = Within.Of(context);
        var rest = new Window(offUs + (long)(within * 1000), recovery.ToUs);
        if (rest.Length < LeastRest) return Finding.Inconclusive($"the recovery leaves {rest.Length.TotalMilliseconds:0} ms after the first {within:0} ms, {LeastRest.TotalMilliseconds:0} ms are needed");
        var messages = Feeds.Of(context.Events).All.SelectMany(f => f.Messages).Where(m => m.AckedUs is not null).ToList();
        var before = messages.Count(m => baseline.Contains(m.DueUs));
        if (before < MinSamples.Of(context)) return Finding.Inconclusive($"{before} publishes were acknowledged in the baseline, {MinSamples.Of(context)} are needed");
        var first = messages.Where(m => m.DueUs + m.AckedUs!.Value >= offUs).Select(m => (double?)(m.DueUs + m.AckedUs!.Value - offUs) / 1000).Min() ?? double.PositiveInfinity;
        var after = messages.Count(m => rest.Contains(m.DueUs) && m.DueUs + m.AckedUs!.Value < recovery.ToUs + AnswerGraceUs);
        var least = MinShare.Of(context);
        var (share, ok) = GoodputRule.Judge(before, baseline.Length.TotalSeconds, after, rest.Length.TotalSeconds, least);
        var sentence = double.IsPositiveInfinity(first)
            ? "no publish was acknowledged after the fault"
            : $"the first publish was acknowledged {first:0} ms after the fault, limit {within:0} ms; the rest of the recovery carried {share * 100:0.#} % of the baseline, {least * 100:0.#} % is the least (N = {after})";
        return Finding.ByMeasures(sentence,
        [
            new Measure("first acknowledged after", first, within, "ms", after, first <= within),
            new Measure("goodput of baseline", share * 100, least * 100, "%", after, ok, "≥"),
        ]);
    }

    /// <summary>Messages due at the very end of the recovery may be answered a little after it.</summary>
    private const long AnswerGraceUs = 1_000_000;
}
