using Chaos.Journal.Verdicts;

namespace Chaos.Reports.Text;

/// <summary>The expectation, and the number, that decided an experiment.</summary>
/// <param name="Result">The worst expectation.</param>
/// <param name="Measure">Its deciding number; null when there was no data.</param>
public sealed record Deciding(ExpectationResult Result, Measure? Measure)
{
    /// <summary>
    /// Finds it. Worst outcome first; among equals the one nearest to its threshold, or farthest beyond it. Steady state decides only
    /// when it is what failed. Null when nothing was judged.
    /// </summary>
    public static Deciding? Of(ExperimentVerdict verdict)
    {
        var steady = verdict.SteadyBefore.Concat(verdict.SteadyAfter).Where(r => r.Outcome != ExpectationOutcome.Met);
        IEnumerable<ExpectationResult> candidates = verdict.Outcome == Outcome.BaselineNotMet
            ? verdict.SteadyBefore
            : [.. verdict.Expectations, .. steady];
        var worst = candidates.OrderByDescending(r => Rank(r.Outcome)).ThenByDescending(r => Load(r.Deciding)).FirstOrDefault()
            ?? verdict.SteadyBefore.Concat(verdict.SteadyAfter).FirstOrDefault();
        return worst is null ? null : new Deciding(worst, worst.Deciding);
    }

    private static int Rank(ExpectationOutcome outcome) => outcome switch
    {
        ExpectationOutcome.Error => 3,
        ExpectationOutcome.Broken => 2,
        ExpectationOutcome.Inconclusive => 1,
        _ => 0,
    };

    /// <summary>How much of its threshold a measure uses up: 1 is on it.</summary>
    internal static double Load(Measure? measure)
    {
        if (measure is null || double.IsNaN(measure.Value)) return -1;
        return measure.Comparison switch
        {
            "≤" or "<" when measure.Threshold > 0 => measure.Value / measure.Threshold,
            "≥" or ">" when measure.Value > 0 => measure.Threshold / measure.Value,
            _ => measure.Ok ? 0 : double.MaxValue,
        };
    }
}
