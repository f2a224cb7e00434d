namespace Chaos.Reports.Data;

/// <summary>Exact percentiles of a sample, by the nearest-rank method: the smallest value that at least q of the sample does not exceed.</summary>
internal static class Percentiles
{
    public static double Of(IReadOnlyList<double> sorted, double q)
    {
        if (sorted.Count == 0) return double.NaN;
        var rank = (int)Math.Ceiling(q * sorted.Count) - 1;
        return sorted[Math.Clamp(rank, 0, sorted.Count - 1)];
    }
}
