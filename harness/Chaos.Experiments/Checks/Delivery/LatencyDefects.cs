using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Checks.Rules;
using Chaos.Experiments.Sensitivity;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Checks.Delivery;

/// <summary>Deliveries that are late, by as little as one likes.</summary>
internal static class LatencyDefects
{
    private static readonly double[] Excess = [1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4];
    private static readonly double[] Shifts = [0, 0.5, 0.8, 0.9, 0.95, 1, 1.05, 1.1, 1.25, 1.5, 2];

    /// <summary>For one window's sample.</summary>
    /// <param name="sorted">Times in milliseconds, ascending.</param>
    /// <param name="budgets">At least one.</param>
    public static IReadOnlyList<Defect> Of(double[] sorted, IReadOnlyList<PercentileBudget> budgets)
    {
        var n = sorted.Length;
        var room = budgets.Min(b => b.BudgetMs - PercentileRule.Judge(sorted, b.P, b.BudgetMs).Value);
        var defects = budgets.Select(b => new Defect($"messages above the budget of the {b.Name}", "% of messages", n,
            [.. Excess.Select(x => Math.Round(Math.Min(1, x * (1 - b.P)) * 100, 4)).Distinct()],
            (random, size) => IsBroken(n, Draws.Binomial(random, n, size / 100), b.P))).ToList();
        if (room > 0)
            defects.Add(new Defect("every message later than it was in this run", "ms", n, [.. Shifts.Select(x => Math.Round(x * room, 1))], (random, size) => IsShiftCaught(random, sorted, budgets, size)));
        return defects;
    }

    // A run whose messages are drawn from those of this one, each later: what counts is how many are above each budget, and these counts
    // are nested.
    private static bool IsShiftCaught(Random random, double[] sorted, IReadOnlyList<PercentileBudget> budgets, double shiftMs)
    {
        var among = sorted.Length;
        var shareBefore = 1.0;
        foreach (var budget in budgets.OrderBy(b => b.BudgetMs))
        {
            var share = ShareAbove(sorted, budget.BudgetMs - shiftMs);
            among = Draws.Binomial(random, among, shareBefore > 0 ? share / shareBefore : 0);
            shareBefore = share;
            if (IsBroken(sorted.Length, among, budget.P)) return true;
        }

        return false;
    }

    private static double ShareAbove(double[] sorted, double value)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (sorted[middle] > value) high = middle;
            else low = middle + 1;
        }

        return (double)(sorted.Length - low) / sorted.Length;
    }

    private static bool IsBroken(int n, int late, double p) => PercentileRule.Judge(new TwoValues(n, late), p, 0.5).Outcome == ExpectationOutcome.Broken;

    /// <summary>A sorted sample of which only the number above the budget matters: 0 for the others, 1 for those.</summary>
    private sealed class TwoValues(int n, int late) : IReadOnlyList<double>
    {
        public int Count => n;

        public double this[int index] => index < n - late ? 0 : 1;

        public IEnumerator<double> GetEnumerator() => Enumerable.Range(0, n).Select(i => this[i]).GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
