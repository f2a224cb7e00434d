using Chaos.Experiments.Statistics;

namespace Chaos.Experiments.Checks.Rules;

/// <summary>
/// How gaps are told from a declared uniform distribution. The Kolmogorov–Smirnov test sees a wrong shape, the fullest bin over the
/// mean sees a few clients in step; attempts × 2 tests share one error level (Bonferroni).
/// </summary>
internal static class JitterRule
{
    /// <summary>The gaps of one attempt against their declaration.</summary>
    /// <param name="D">Kolmogorov–Smirnov distance, 0..1.</param>
    /// <param name="MaxD">Largest that is no alarm.</param>
    /// <param name="Peak">Fullest of the bins over their mean.</param>
    /// <param name="MaxPeak">Smallest that is an alarm.</param>
    /// <param name="PeakFrom">Lower edge of the fullest bin, 0..1.</param>
    internal readonly record struct Attempt(double D, double MaxD, double Peak, double MaxPeak, double PeakFrom)
    {
        /// <summary>Whether the shape is the declared one.</summary>
        public bool HasShape => D <= MaxD;

        /// <summary>Whether no bin is too full.</summary>
        public bool IsSpread => Peak < MaxPeak;

        /// <summary>Whether neither test raises an alarm.</summary>
        public bool Ok => HasShape && IsSpread;
    }

    /// <summary>Whether gaps are shorter than declared, whatever the machine adds to them.</summary>
    /// <param name="Excess">One-sided Kolmogorov–Smirnov distance, 0..1.</param>
    /// <param name="Most">Largest that is no alarm.</param>
    internal readonly record struct Haste(double Excess, double Most)
    {
        /// <summary>Whether there is no alarm.</summary>
        public bool Ok => Excess <= Most;
    }

    /// <summary>Level of each test, for a level of all of them together.</summary>
    public static double LevelOfEach(double alpha, int attempts) => MultipleTests.Bonferroni(alpha, 2 * attempts);

    /// <summary>Judges one attempt.</summary>
    /// <param name="sample">Gaps, at least one; the unit is that of <paramref name="upper"/>.</param>
    /// <param name="upper">Declared: uniform on 0 to this.</param>
    /// <param name="level">From <see cref="LevelOfEach"/>.</param>
    public static Attempt Judge(IReadOnlyCollection<double> sample, double upper, double level)
    {
        var peak = PeakToMean.Test(sample, x => Math.Clamp(x / upper, 0, 1));
        return new Attempt(KolmogorovSmirnov.TestUniform(sample, 0, upper).D, KolmogorovSmirnov.Critical(sample.Count, level),
            peak.Ratio, PeakToMean.Critical(sample.Count, level), peak.PeakFrom);
    }

    /// <summary>Judges one attempt on a machine too slow for <see cref="Judge"/>: the gaps as they are, nothing taken off.</summary>
    public static Haste TooSoon(IReadOnlyCollection<double> raw, double upper, double level) =>
        new(KolmogorovSmirnov.ExcessBelowUniform(raw, 0, upper), KolmogorovSmirnov.Critical(raw.Count, level));
}
