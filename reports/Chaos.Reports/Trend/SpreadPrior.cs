using MathNet.Numerics;

namespace Chaos.Reports.Trend;

/// <summary>
/// What is known of the spread of a number before it is looked at: numbers of the same check spread alike. The variances of all of them are taken for draws of one
/// scaled inverse chi-squared distribution, whose scale and degrees of freedom are estimated by the moments of their logarithms (Smyth, "Linear models and empirical
/// Bayes methods for assessing differential expression", Statistical Applications in Genetics and Molecular Biology 3(1), 2004, sections 3 and 6.2). A number's variance is
/// then the mean of its own and the common one, weighted by their degrees of freedom, and its t has the degrees of both. How far the variances differ is itself
/// an estimate: its standard error is added to it, so that few numbers, or unlike ones, lend each other little.
/// </summary>
/// <param name="Variance">The common variance, of logarithms.</param>
/// <param name="Freedom">How many nights it is worth; 0 when it says nothing.</param>
internal readonly record struct SpreadPrior(double Variance, int Freedom)
{
    /// <summary>Fewest numbers that say anything of one another.</summary>
    public const int LeastSeries = 5;

    /// <summary>The common variance is never worth more than a month of a number's own.</summary>
    public const int MostFreedom = 30;

    /// <summary>Each number by itself.</summary>
    public static SpreadPrior None => default;

    /// <summary>Estimates it.</summary>
    /// <param name="series">Variance and degrees of freedom of each number; variances above 0.</param>
    public static SpreadPrior Of(IReadOnlyList<(double Variance, int Freedom)> series)
    {
        if (series.Count < LeastSeries) return None;
        double[] logs = [.. series.Select(s => Math.Log(s.Variance) - SpecialFunctions.DiGamma(s.Freedom / 2.0) + Math.Log(s.Freedom / 2.0))];
        var mean = logs.Average();
        var seen = logs.Sum(l => (l - mean) * (l - mean)) / (logs.Length - 1);
        var ownNoise = series.Average(s => Trigamma(s.Freedom / 2.0));
        var apart = Math.Max(0, seen - ownNoise) + (seen * Math.Sqrt(2.0 / (logs.Length - 1)));
        var freedom = (int)Math.Min(MostFreedom, 2 * InverseTrigamma(apart));
        return freedom < 1 ? None : new SpreadPrior(Math.Exp(mean + SpecialFunctions.DiGamma(freedom / 2.0) - Math.Log(freedom / 2.0)), freedom);
    }

    /// <summary>Derivative of the digamma function: upward by its recurrence, then its asymptotic series (Abramowitz and Stegun, 6.4.6 and 6.4.12).</summary>
    internal static double Trigamma(double x)
    {
        var sum = 0.0;
        for (; x < 10; x++) sum += 1 / (x * x);
        var square = 1 / (x * x);
        return sum + (1 / x) + (square / 2) + (square / x * ((1.0 / 6) - (square * ((1.0 / 30) - (square / 42)))));
    }

    /// <summary>Where the trigamma function has a value; it falls all the way.</summary>
    private static double InverseTrigamma(double value)
    {
        var (low, high) = (1e-3, MostFreedom / 2.0);
        if (Trigamma(high) >= value) return high;
        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            if (Trigamma(middle) > value) low = middle;
            else high = middle;
        }

        return low;
    }
}
