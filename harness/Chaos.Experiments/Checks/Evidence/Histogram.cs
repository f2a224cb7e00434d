using System.Globalization;

namespace Chaos.Experiments.Checks.Evidence;

/// <summary>A class of a Prometheus histogram of seconds.</summary>
/// <param name="UpperMs">Its upper bound in milliseconds; infinite for the last.</param>
/// <param name="Cumulative">Number of values up to it.</param>
internal readonly record struct HistogramClass(double UpperMs, double Cumulative);

/// <summary>Reads the buckets of Prometheus histograms.</summary>
internal static class Histogram
{
    /// <summary>Classes in order of their bounds; label sets that differ in other labels are summed up.</summary>
    /// <param name="buckets">The label <c>le</c> of each bucket, and its count.</param>
    public static List<HistogramClass> Of(IEnumerable<(string Le, double Count)> buckets) =>
        [.. buckets.GroupBy(b => b.Le).Select(g => new HistogramClass(UpperMs(g.Key), g.Sum(b => b.Count))).OrderBy(c => c.UpperMs)];

    private static double UpperMs(string le) => le == "+Inf" ? double.PositiveInfinity : double.Parse(le, CultureInfo.InvariantCulture) * 1000;
}
