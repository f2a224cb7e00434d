using MathNet.Numerics.Statistics;

namespace Chaos.Experiments.Statistics;

/// <summary>Summaries of a sample's spread.</summary>
public static class Moments
{
    /// <summary>
    /// Standard deviation (of a sample, n − 1) over mean; 0 for a sample of one value, or whose mean is 0. It is 1/√3 = 0.577 for a
    /// uniform distribution from 0, 1 for an exponential one, 0 for a fixed value (Pearson, Phil. Trans. A 187, 1896).
    /// </summary>
    public static double CoefficientOfVariation(IReadOnlyCollection<double> sample)
    {
        if (sample.Count < 2) return 0;
        var (mean, deviation) = sample.MeanStandardDeviation();
        return mean == 0 ? 0 : deviation / mean;
    }

    /// <summary>Median: the middle observation, or the mean of the two in the middle; NaN for an empty sample.</summary>
    public static double Median(IEnumerable<double> sample) => MathNet.Numerics.Statistics.Statistics.Median(sample);

    /// <summary>
    /// Largest share of a sample that falls into any of <paramref name="bins"/> equal bins from 0 to the largest
    /// observation; 1 when all are 0 or the sample is empty.
    /// </summary>
    public static double LargestBinShare(IReadOnlyCollection<double> sample, int bins)
    {
        var largest = sample.Count == 0 ? 0 : sample.Max();
        if (largest <= 0) return 1;
        var counts = new int[bins];
        foreach (var x in sample) counts[Math.Clamp((int)(x / largest * bins), 0, bins - 1)]++;
        return (double)counts.Max() / sample.Count;
    }
}
