using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Checks.Options;
using Chaos.Experiments.Checks.Rules;
using Chaos.Experiments.Sensitivity;
using Chaos.Experiments.Statistics;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Checks.Backoff;

/// <summary>Do clients spread their attempts as they declare, at every attempt?</summary>
internal sealed class BackoffJitterCheck() : Check("backoff_jitter",
    "Gaps between attempts follow the declared distribution at each attempt, so that clients do not come back in step.",
    "", Attempts, MinClients, Alpha, Distribution, MinCv, MaxBinShare), ISensitive
{
    internal static readonly NumberOption Attempts = new("attempts", "Attempts to test, counted from the first after the cut.", 5, 1, 30, Whole: true);
    internal static readonly NumberOption MinClients = new("min_clients", "Fewest gaps at each attempt; with fewer than 300, a tenth of the clients in step may pass.", 300, 50, 9000, Whole: true);
    internal static readonly NumberOption Alpha = new("alpha", "Probability of a false alarm over all tests of this check together; half of the one in a thousand that a run may raise.", 0.0005, 1e-9, 0.1);
    private static readonly TextOption Distribution = new("distribution", "unknown: judge clients as black boxes, also those that declare how they wait.", null, ["unknown"]);
    internal static readonly NumberOption MinCv = new("min_cv", "For clients without a declared distribution: least standard deviation over mean at each attempt.", 0.2, 0, 1);
    internal static readonly NumberOption MaxBinShare = new("max_bin_share", "For clients without a declared distribution: largest share in any bin of 1 % of the longest gap.", 0.05, 0, 1);

    /// <summary>Share of gaps that must have ended: a cut-off tail makes a sample look less uniform than it is.</summary>
    private const double Complete = 0.995;

    /// <summary>Largest overhead, as a share of the longest gap: beyond, the machine and not the client shapes the gaps.</summary>
    private const double MaxOverheadShare = 0.15;

    /// <inheritdoc />
    protected override Finding Judge(CheckContext context)
    {
        var gaps = BackoffGaps.Of(context);
        var attempts = Attempts.IntOf(context);
        var declared = IsDeclared(context);
        var backoff = DeclaredBackoff.Of(context.Definition.Fleet);
        var measures = new List<Measure>();
        string? broken = null, thin = null;
        for (var k = 0; k < attempts; k++)
        {
            var upper = backoff.UpperMs(k);
            if (Obstacle(context, gaps, k) is { } obstacle)
            {
                thin ??= obstacle;
                continue;
            }

            if (gaps.OverheadMs(k) > MaxOverheadShare * upper)
            {
                // A slow machine makes gaps longer, never shorter: that clients come back too soon can be told all the same.
                broken ??= declared ? TooSoon(context, gaps, k, attempts, upper, measures) : null;
                thin ??= $"attempt {k}: dialling and hearing of the refusal took {gaps.OverheadMs(k):0} ms, too much beside gaps of up to {upper:0} ms; the machine is too slow to judge";
                continue;
            }

            var found = declared ? Declared(context, gaps.Sample(k), k, attempts, upper, measures) : BlackBox(context, gaps.Sample(k), k, measures);
            broken ??= found;
            measures.Add(new Measure($"overhead removed, attempt {k}", gaps.OverheadMs(k), MaxOverheadShare * upper, "ms", gaps.All(k).Count, true));
        }

        var statistic = declared
            ? $"Kolmogorov–Smirnov against uniform[0, min(cap, base × factor^k)), and the fullest of {PeakToMean.Bins} bins over the mean, both at α = {Alpha.Of(context):0.######} / {2 * attempts} (Bonferroni)"
            : $"standard deviation over mean, and the fullest bin of 1 % of the longest gap, at every attempt";
        if (broken is not null) return new Finding(ExpectationOutcome.Broken, broken, measures, statistic);
        if (thin is not null) return new Finding(ExpectationOutcome.Inconclusive, thin, measures, statistic);
        return new Finding(ExpectationOutcome.Met, declared ? Uniform(measures, attempts) : Spread(measures, attempts), measures, statistic);
    }

    /// <inheritdoc />
    public IReadOnlyList<Defect> Defects(CheckContext context)
    {
        var gaps = BackoffGaps.Of(context);
        int[] samples = [.. Enumerable.Range(0, Attempts.IntOf(context)).Select(k => gaps.All(k).Count(g => g.Observed))];
        if (samples.Min() < MinClients.IntOf(context)) return [];
        return IsDeclared(context)
            ? JitterDefects.OfDeclared(samples, Alpha.Of(context))
            : JitterDefects.OfBlackBox(samples, MinCv.Of(context), MaxBinShare.Of(context));
    }

    private static bool IsDeclared(CheckContext context) => Distribution.OrNull(context) is null && DeclaredBackoff.IsDeclared(context.Definition.Fleet);

    private static string? Obstacle(CheckContext context, BackoffGaps gaps, int k)
    {
        var all = gaps.All(k);
        var observed = all.Count(g => g.Observed);
        var least = MinClients.IntOf(context);
        if (observed < least)
            return $"attempt {k} has {observed} gaps, {least} are needed{(gaps.Unseen > 0 ? $" ({gaps.Unseen} clients made attempts that never reached the proxy)" : "")}";
        return observed < Complete * all.Count
            ? $"attempt {k}: {all.Count - observed} of {all.Count} gaps had not ended with the run, so their distribution is cut off"
            : null;
    }

    private static string? TooSoon(CheckContext context, BackoffGaps gaps, int k, int attempts, double upper, List<Measure> measures)
    {
        double[] raw = [.. gaps.All(k).Where(g => g.Observed).Select(g => g.Ms)];
        var found = JitterRule.TooSoon(raw, upper, JitterRule.LevelOfEach(Alpha.Of(context), attempts));
        measures.Add(new Measure($"KS D+, attempt {k}", found.Excess, found.Most, "", raw.Length, found.Ok));
        return found.Ok
            ? null
            : $"attempt {k}: {raw.Length} clients come back too soon for gaps that are uniform on 0–{upper:0} ms, KS D+ is {found.Excess:0.000} and may be {found.Most:0.000}; their median is {Moments.Median(raw):0} ms with all that the machine adds";
    }

    private static string? Declared(CheckContext context, double[] sample, int k, int attempts, double upper, List<Measure> measures)
    {
        var found = JitterRule.Judge(sample, upper, JitterRule.LevelOfEach(Alpha.Of(context), attempts));
        measures.Add(new Measure($"KS D, attempt {k}", found.D, found.MaxD, "", sample.Length, found.HasShape));
        measures.Add(new Measure($"peak/mean, attempt {k}", found.Peak, found.MaxPeak, "×", sample.Length, found.IsSpread, "<"));
        if (!found.HasShape)
            return $"attempt {k}: gaps of {sample.Length} clients are not uniform on 0–{upper:0} ms, KS D is {found.D:0.000} and may be {found.MaxD:0.000}; their median is {Moments.Median(sample):0} ms";
        return found.IsSpread
            ? null
            : $"attempt {k}: {found.Peak / PeakToMean.Bins:0 %} of {sample.Length} clients came back between {found.PeakFrom * upper:0} and {(found.PeakFrom + 1.0 / PeakToMean.Bins) * upper:0} ms, {found.Peak:0.00} times the mean of {PeakToMean.Bins} bins and {found.MaxPeak:0.00} is the limit";
    }

    private static string? BlackBox(CheckContext context, double[] sample, int k, List<Measure> measures)
    {
        double minCv = MinCv.Of(context), maxShare = MaxBinShare.Of(context);
        var found = SpreadRule.Judge(sample, minCv, maxShare);
        var (cv, share) = (found.Variation, found.Share);
        measures.Add(new Measure($"deviation/mean, attempt {k}", cv, minCv, "", sample.Length, found.Differs, "≥"));
        measures.Add(new Measure($"fullest 1 % bin, attempt {k}", share * 100, maxShare * 100, "%", sample.Length, found.IsSpread));
        if (!found.Differs) return $"attempt {k}: gaps hardly differ, standard deviation over mean is {cv:0.000} and must be {minCv:0.00} (N = {sample.Length})";
        return !found.IsSpread ? $"attempt {k}: {share * 100:0.0} % of {sample.Length} clients came back within one hundredth of the longest gap, {maxShare * 100:0.#} % may" : null;
    }

    private static string Uniform(List<Measure> measures, int attempts)
    {
        var d = measures.Where(m => m.Name.StartsWith("KS", StringComparison.Ordinal)).MaxBy(m => m.Value / m.Threshold)!;
        var peak = measures.Where(m => m.Name.StartsWith("peak", StringComparison.Ordinal)).MaxBy(m => m.Value / m.Threshold)!;
        return $"gaps are spread as declared at all {attempts} attempts: the largest KS D is {d.Value:0.000}, limit {d.Threshold:0.000}; the largest peak/mean is {peak.Value:0.00}, limit {peak.Threshold:0.00} (N ≥ {measures.Min(m => m.Sample)})";
    }

    private static string Spread(List<Measure> measures, int attempts)
    {
        var cv = measures.Where(m => m.Name.StartsWith("deviation", StringComparison.Ordinal)).MinBy(m => m.Value)!;
        var share = measures.Where(m => m.Name.StartsWith("fullest", StringComparison.Ordinal)).MaxBy(m => m.Value)!;
        return $"gaps are spread at all {attempts} attempts: least deviation/mean {cv.Value:0.00}, must be {cv.Threshold:0.00}; fullest 1 % bin {share.Value:0.0} %, limit {share.Threshold:0.#} % (N ≥ {measures.Min(m => m.Sample)})";
    }
}
