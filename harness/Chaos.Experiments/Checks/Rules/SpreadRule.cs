using Chaos.Experiments.Statistics;

namespace Chaos.Experiments.Checks.Rules;

/// <summary>
/// How gaps are told to be spread when nobody has declared their distribution. It asks for little, so that it says nothing against an honest
/// client of another make: uniform gaps have a deviation of 0.58 of their mean, and those of half to all of the longest have 0.19.
/// </summary>
internal static class SpreadRule
{
    /// <summary>Bins up to the longest gap.</summary>
    public const int Bins = 100;

    /// <summary>What was found at one attempt.</summary>
    /// <param name="Variation">Standard deviation over mean.</param>
    /// <param name="Share">Share of the gaps in the fullest bin, 0..1.</param>
    /// <param name="Differs">Whether gaps differ enough.</param>
    /// <param name="IsSpread">Whether no bin is too full.</param>
    internal readonly record struct Attempt(double Variation, double Share, bool Differs, bool IsSpread)
    {
        /// <summary>Whether neither raises an alarm.</summary>
        public bool Ok => Differs && IsSpread;
    }

    /// <summary>Judges one attempt.</summary>
    /// <param name="sample">Gaps, at least one.</param>
    /// <param name="minVariation">Least standard deviation over mean.</param>
    /// <param name="maxShare">Largest share in a bin, 0..1.</param>
    public static Attempt Judge(IReadOnlyCollection<double> sample, double minVariation, double maxShare)
    {
        var variation = Moments.CoefficientOfVariation(sample);
        var share = Moments.LargestBinShare(sample, Bins);
        return new Attempt(variation, share, variation >= minVariation, share <= maxShare);
    }
}
