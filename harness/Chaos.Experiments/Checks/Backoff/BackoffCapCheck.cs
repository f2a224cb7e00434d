using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Checks.Options;
using Chaos.Experiments.Checks.Rules;
using Chaos.Experiments.Statistics;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Checks.Backoff;

/// <summary>Does no client wait longer than its cap? <see cref="CapRule"/> tells jitter above it from a timer that woke late.</summary>
internal sealed class BackoffCapCheck() : Check("backoff_cap", "No gap between attempts is longer than the cap + 5 % + 50 ms.",
    "largest gap; one in 200 may be up to 250 ms later for want of a processor (exact binomial test, α = 0.001)", MinSamples)
{
    internal static readonly NumberOption MinSamples = new("min_samples", "Fewest gaps whose declared upper bound is the cap.", 300, 20, 1e6, Whole: true);

    /// <inheritdoc />
    protected override Finding Judge(CheckContext context)
    {
        var gaps = BackoffGaps.Of(context);
        var backoff = DeclaredBackoff.Of(context.Definition.Fleet);
        var limit = CapRule.LimitMs(backoff.CapMs);
        var all = new List<double>();
        var atCap = 0;
        for (var k = 0; k < gaps.Attempts; k++)
        {
            // A gap that had not ended with the run counts once it is too long already.
            var values = gaps.Sample(k).Concat(gaps.All(k).Where(g => !g.Observed && g.Ms > limit).Select(g => g.Ms)).ToList();
            all.AddRange(values);
            if (backoff.UpperMs(k) >= backoff.CapMs) atCap += values.Count;
        }

        if (atCap < MinSamples.Of(context))
            return Finding.Inconclusive($"{atCap} gaps were drawn at the cap of {backoff.CapMs:0} ms, {MinSamples.Of(context)} are needed");
        var found = CapRule.Judge(all, backoff.CapMs);
        var (longest, over) = (found.LongestMs, found.Over);
        double share = 100.0 * over / all.Count, most = 100.0 * found.MostOver / all.Count;
        return Finding.ByMeasures(
            over == 0
                ? $"the longest of {all.Count} gaps is {longest:0} ms, limit {limit:0} ms"
                : $"{over} of {all.Count} gaps exceed {limit:0} ms (cap {backoff.CapMs:0} ms + 5 % + 50 ms), the longest is {longest:0} ms",
            [
                new Measure("longest gap", longest, limit + CapRule.AllowedMs, "ms", all.Count, found.IsBounded),
                new Measure("gaps above the cap", share, most, "%", all.Count, found.AreFew, High: Proportions.UpperBound(over, all.Count) * 100),
            ]);
    }
}
