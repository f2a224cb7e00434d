using MathNet.Numerics.Distributions;

namespace Chaos.Experiments.Statistics;

/// <summary>Intervals for a share of counted cases.</summary>
public static class Proportions
{
    /// <summary>
    /// The exact interval of a share (Clopper and Pearson, Biometrika 26, 1934). It covers the true share with at least the asked confidence.
    /// </summary>
    /// <param name="successes">Cases counted, 0 up to <paramref name="trials"/>.</param>
    /// <param name="trials">Cases in all, at least 1.</param>
    /// <param name="confidence">Such as 0.99.</param>
    public static Interval ClopperPearson(long successes, long trials, double confidence)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);
        var tail = (1 - confidence) / 2;
        var low = successes == 0 ? 0 : successes == trials ? Math.Pow(tail, 1.0 / trials) : Beta.InvCDF(successes, trials - successes + 1, tail);
        var high = successes == trials ? 1 : successes == 0 ? 1 - Math.Pow(tail, 1.0 / trials) : Beta.InvCDF(successes + 1, trials - successes, 1 - tail);
        return new Interval(low, high);
    }

    /// <summary>
    /// Upper bound, with 95 % confidence, of a rate that was not seen once in <paramref name="trials"/> cases: 1 − 0.05^(1/n), about
    /// 3/n (the rule of three: Hanley and Lippman-Hand, JAMA 249, 1983).
    /// </summary>
    public static double RuleOfThree(long trials)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        return 1 - Math.Pow(0.05, 1.0 / trials);
    }

    /// <summary>Upper bound of a rate with 95 % confidence, one-sided: the rule of three for none, Clopper–Pearson for some.</summary>
    public static double UpperBound(long successes, long trials) =>
        successes == 0 ? RuleOfThree(trials) : ClopperPearson(successes, trials, 0.90).High;
}
