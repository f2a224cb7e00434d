using Chaos.Client.Randomness;
using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Checks.Options;
using Chaos.Experiments.Checks.Rules;
using Chaos.Experiments.Statistics;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Checks.Backoff;

/// <summary>Do gaps grow as declared until the cap? <see cref="GrowthRule"/> decides.</summary>
internal sealed class BackoffGrowthCheck() : Check("backoff_growth", "The median gap grows from attempt to attempt by the declared factor, until the cap.",
    "ratio of medians with its bootstrap interval at α = 0.001 over all attempts; broken when that lies wholly outside the tolerance", Attempts, Tolerance, MinClients)
{
    internal static readonly NumberOption Attempts = new("attempts", "Attempts to compare, counted from the first after the cut.", 4, 2, 30, Whole: true);
    internal static readonly NumberOption Tolerance = new("tolerance", "How far from the declared ratio it may be, as a share of it.", 0.25, 0.01, 0.9);
    internal static readonly NumberOption MinClients = new("min_clients", "Fewest gaps at each attempt.", 300, 50, 9000, Whole: true);

    /// <inheritdoc />
    protected override Finding Judge(CheckContext context)
    {
        var gaps = BackoffGaps.Of(context);
        var backoff = DeclaredBackoff.Of(context.Definition.Fleet);
        var tolerance = Tolerance.Of(context);
        var measures = new List<Measure>();
        string? broken = null, thin = null;
        var attempts = Attempts.IntOf(context);
        for (var k = 1; k < attempts; k++)
        {
            // At the cap there is nothing left to grow.
            var declared = backoff.MedianMs(k) / backoff.MedianMs(k - 1);
            if (declared < 1.05) break;
            double[] before = gaps.Sample(k - 1), after = gaps.Sample(k);
            var sample = Math.Min(before.Length, after.Length);
            if (sample < MinClients.Of(context)) return Finding.Inconclusive($"attempt {k} has {sample} gaps to compare, {MinClients.Of(context)} are needed", measures);
            var step = GrowthRule.Judge(before, after, declared, tolerance, attempts - 1, SeedTree.Stream(k, context.Definition.Id, "growth"));
            var (ratio, interval, ok) = step;
            if (step.IsThin)
                thin ??= $"from attempt {k - 1} to {k} the growth is somewhere between {interval.Low:0.00} and {interval.High:0.00}: the gaps are too short beside the noise to tell (medians {Moments.Median(before):0} and {Moments.Median(after):0} ms)";
            measures.Add(new Measure($"growth to attempt {k}", ratio, declared, "×", sample, ok, "within", interval.Low, interval.High));
            if (!ok) broken ??= $"from attempt {k - 1} to {k} the median gap grew {ratio:0.00}-fold ({interval.Low:0.00} to {interval.High:0.00}), declared is {declared:0.00} ± {tolerance:0 %} (N = {sample})";
        }

        if (broken is null && thin is not null) return Finding.Inconclusive(thin, measures);
        if (measures.Count == 0) return Finding.Inconclusive("the policy reaches its cap at the first attempt, so there is no growth to see");
        var worst = measures.MaxBy(m => Math.Abs(m.Value / m.Threshold - 1))!;
        return Finding.ByMeasures(broken ?? $"median gaps grow as declared: the farthest off is {worst.Name}, {worst.Value:0.00}-fold where {worst.Threshold:0.00} is declared (N = {worst.Sample})", measures);
    }
}
