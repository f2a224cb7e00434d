namespace Chaos.Reports.Trend;

/// <summary>
/// What later nights are compared with: the values of one number, found under the same conditions on the same kind of machine. A
/// value that was flagged is not among them. It stays flagged every night until it is back, or until somebody accepts it; else a slow
/// system would become the measure of itself.
/// </summary>
/// <param name="bad">Which side is bad.</param>
/// <param name="nights">How many of the last values count.</param>
internal sealed class SeriesMemory(BadSide bad, int nights)
{
    // On a logarithmic scale: what a busy machine or a slow disk does to a time, a rate or a share is to multiply it.
    private readonly List<double> _logs = [];

    /// <summary>Variance of the logarithms, and its degrees of freedom. Only where <see cref="WhyNot"/> is null.</summary>
    public (double Variance, int Freedom) Spread => (NewValue.Variance(_logs), _logs.Count - 1);

    /// <summary>Why a number cannot be compared with these, as a clause; null when it can.</summary>
    public string? WhyNot(NightMeasure measure)
    {
        if (bad == BadSide.Other) return "it is right or wrong, and has no way to get worse before it is wrong";
        if (Log(measure) is null) return "it is not above zero, and only ratios are compared";
        if (_logs.Count < TrendRules.LeastNights) return $"it has {_logs.Count} of the {TrendRules.LeastNights} comparable nights that it needs";
        return _logs.Distinct().Count() < TrendRules.LeastDistinct
            ? $"it moves in steps: fewer than {TrendRules.LeastDistinct} different values" : null;
    }

    /// <summary>
    /// Whether a number would cross its threshold before it could be flagged: the verdict comes first then, and there is nothing to test. It
    /// depends on the nights before alone. Only where <see cref="WhyNot"/> is null.
    /// </summary>
    public bool CrossesFirst(NightMeasure measure, double alpha, SpreadPrior prior)
    {
        if (measure.Threshold is not { } threshold || bad == BadSide.Away) return false;
        var limit = Compare(measure, alpha, prior).Limit;
        return bad == BadSide.Above ? limit >= threshold : limit <= threshold;
    }

    /// <summary>Compares; only where <see cref="WhyNot"/> is null.</summary>
    /// <param name="alpha">Error level for this number.</param>
    /// <param name="prior">What numbers of its kind say of its spread.</param>
    public SeriesFinding Compare(NightMeasure measure, double alpha, SpreadPrior prior)
    {
        var tonight = Log(measure)!.Value;
        // Away from the threshold is either way: half of the error level for each.
        var limits = NewValue.Of(_logs, bad == BadSide.Away ? alpha / 2 : alpha, prior);
        var above = bad == BadSide.Above || (bad == BadSide.Away && tonight >= limits.Mean);
        var limit = above
            ? Math.Max(Math.Max(limits.High, limits.Mean + Math.Log(1 + TrendRules.LeastChange)), BeyondAllBefore(_logs.Max()))
            : Math.Min(Math.Min(limits.Low, limits.Mean + Math.Log(1 - TrendRules.LeastChange)), BeyondAllBefore(_logs.Min()));
        var beyond = above ? tonight > limit : tonight < limit;
        var chance = NewValue.ChanceAbove(_logs, tonight, prior);
        return new SeriesFinding(Value(limits.Mean, measure), _logs.Count, Math.Exp(tonight - limits.Mean) - 1, Value(limit, measure),
            bad switch { BadSide.Above => chance, BadSide.Below => 1 - chance, _ => 2 * Math.Min(chance, 1 - chance) },
            beyond && (bad != BadSide.Away || Math.Abs(tonight) > Math.Abs(limits.Mean)));
    }

    /// <summary>Remembers a value.</summary>
    public void Add(NightMeasure measure)
    {
        if (Log(measure) is not { } value) return;
        _logs.Add(value);
        if (_logs.Count > nights) _logs.RemoveAt(0);
    }

    // Numbers with a long tail (extremes, minima, peaks) are not normal even as logarithms; what their tail reached before tells.
    private double BeyondAllBefore(double extreme)
    {
        double[] sorted = [.. _logs.Order()];
        var median = (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        return median + (TrendRules.LeastReach * (extreme - median));
    }

    // Of a number that is to be near its threshold, what counts is its distance from it.
    private double? Log(NightMeasure m) => m.Value is > 0 && (bad != BadSide.Away || m.Threshold is > 0)
        ? Math.Log(bad == BadSide.Away ? m.Value.Value / m.Threshold!.Value : m.Value.Value) : null;

    private double Value(double log, NightMeasure m) => Math.Exp(log) * (bad == BadSide.Away ? m.Threshold!.Value : 1);
}
