using Chaos.Client.Randomness;
using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Checks.Options;
using Chaos.Experiments.Statistics;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Checks.Backoff;

/// <summary>
/// Do gaps grow as declared until the cap? The median of 300 uniform gaps has a standard error of 6 %, so the ratio of two is
/// 25 % off by chance in one run of a few hundred: a bare point estimate would raise false alarms. The check therefore breaks
/// only when the 99.9 % bootstrap interval of the ratio lies wholly outside the tolerance.
/// </summary>
internal sealed class BackoffGrowthCheck() : Check("backoff_growth", "The median gap grows from attempt to attempt by the declared factor, until the cap.",
    "ratio of medians with its 99.9 % bootstrap interval; broken when that lies wholly outside the tolerance", Attempts, Tolerance, MinClients)
{
    private static readonly NumberOption Attempts = new("attempts", "Attempts to compare, counted from the first after the cut.", 4, 2, 30, Whole: true);
    private static readonly NumberOption Tolerance = new("tolerance", "How far from the declared ratio it may be, as a share of it.", 0.25, 0.01, 0.9);
    private static readonly NumberOption MinClients = new("min_clients", "Fewest gaps at each attempt.", 300, 50, 9000, Whole: true);

    private const double Confidence = 0.999;

    /// <summary>Least gap that is told from none, in milliseconds: the resolution of a timer.</summary>
    private const double FloorMs = 1;

    /// <summary>Largest ratio of the interval's ends that still says something; it is 1.9 for 300 uniform gaps.</summary>
    private const double MaxSpread = 3;

    /// <inheritdoc />
    protected override Finding Judge(CheckContext context)
    {
        var gaps = BackoffGaps.Of(context);
        var backoff = DeclaredBackoff.Of(context.Definition.Fleet);
        var tolerance = Tolerance.Of(context);
        var measures = new List<Measure>();
        string? broken = null, thin = null;
        for (var k = 1; k < Attempts.IntOf(context); k++)
        {
            // At the cap there is nothing left to grow.
            var declared = backoff.MedianMs(k) / backoff.MedianMs(k - 1);
            if (declared < 1.05) break;
            double[] before = AboveFloor(gaps.Sample(k - 1)), after = AboveFloor(gaps.Sample(k));
            var sample = Math.Min(before.Length, after.Length);
            if (sample < MinClients.Of(context)) return Finding.Inconclusive($"attempt {k} has {sample} gaps to compare, {MinClients.Of(context)} are needed", measures);
            var ratio = Moments.Median(after) / Moments.Median(before);
            var interval = Bootstrap.RatioOfMedians(after, before, Confidence, SeedTree.Stream(k, context.Definition.Id, "growth"));
            double low = declared * (1 - tolerance), high = declared * (1 + tolerance);
            var ok = !interval.LiesOutside(low, high);
            if (ok && interval.High > MaxSpread * interval.Low)
                thin ??= $"from attempt {k - 1} to {k} the growth is somewhere between {interval.Low:0.00} and {interval.High:0.00}: the gaps are too short beside the noise to tell (medians {Moments.Median(before):0} and {Moments.Median(after):0} ms)";
            measures.Add(new Measure($"growth to attempt {k}", ratio, declared, "×", sample, ok, "within", interval.Low, interval.High));
            if (!ok) broken ??= $"from attempt {k - 1} to {k} the median gap grew {ratio:0.00}-fold ({interval.Low:0.00} to {interval.High:0.00}), declared is {declared:0.00} ± {tolerance:0 %} (N = {sample})";
        }

        if (broken is null && thin is not null) return Finding.Inconclusive(thin, measures);
        if (measures.Count == 0) return Finding.Inconclusive("the policy reaches its cap at the first attempt, so there is no growth to see");
        var worst = measures.MaxBy(m => Math.Abs(m.Value / m.Threshold - 1))!;
        return Finding.ByMeasures(broken ?? $"median gaps grow as declared: the farthest off is {worst.Name}, {worst.Value:0.00}-fold where {worst.Threshold:0.00} is declared (N = {worst.Sample})", measures);
    }

    private static double[] AboveFloor(double[] sample) => [.. sample.Select(g => Math.Max(FloorMs, g))];
}
