using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Checks.Options;
using Chaos.Experiments.Statistics;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Checks.Backoff;

/// <summary>
/// Does no client wait longer than its cap? A busy machine wakes a timer late now and then, so at most one gap in 200 may
/// exceed the limit, by less than 250 ms; jitter added on top of the cap exceeds it far more often, and further.
/// </summary>
internal sealed class BackoffCapCheck() : Check("backoff_cap", "No gap between attempts is longer than the cap + 5 % + 50 ms.",
    "largest gap; one in 200 may be up to 250 ms later for want of a processor", MinSamples)
{
    private static readonly NumberOption MinSamples = new("min_samples", "Fewest gaps whose declared upper bound is the cap.", 300, 20, 1e6, Whole: true);

    private const double AllowedShare = 0.005;
    private const double AllowedMs = 250;

    /// <inheritdoc />
    protected override Finding Judge(CheckContext context)
    {
        var gaps = BackoffGaps.Of(context);
        var backoff = DeclaredBackoff.Of(context.Definition.Fleet);
        var limit = backoff.CapMs * 1.05 + 50;
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
        all.Sort();
        var longest = all[^1];
        var over = all.Count(g => g > limit);
        var share = (double)over / all.Count;
        return Finding.ByMeasures(
            over == 0
                ? $"the longest of {all.Count} gaps is {longest:0} ms, limit {limit:0} ms"
                : $"{over} of {all.Count} gaps exceed {limit:0} ms (cap {backoff.CapMs:0} ms + 5 % + 50 ms), the longest is {longest:0} ms",
            [
                new Measure("longest gap", longest, limit + AllowedMs, "ms", all.Count, longest <= limit + AllowedMs),
                new Measure("gaps above the cap", share * 100, AllowedShare * 100, "%", all.Count, share <= AllowedShare, High: Proportions.UpperBound(over, all.Count) * 100),
                new Measure("q.995 of gaps", Quantiles.Of(all, 1 - AllowedShare), limit, "ms", all.Count, Quantiles.Of(all, 1 - AllowedShare) <= limit),
            ]);
    }
}
