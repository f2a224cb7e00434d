using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace Chaos.Experiments.Checks.Rules;

/// <summary>
/// How clients that connect too often are told from clients at the limit: the lower confidence bound of their mean number of connects
/// (Student's t, one-sided) must not be above it. Clients are independent draws; what one of them does is not.
/// </summary>
internal static class ResetRule
{
    /// <summary>Probability of a false alarm when the true mean is the limit itself.</summary>
    public const double Alpha = 0.001;

    /// <summary>What was found.</summary>
    /// <param name="Mean">Mean connects of a client.</param>
    /// <param name="Low">Its lower bound with confidence 1 − <see cref="Alpha"/>.</param>
    /// <param name="Limit">What it may be.</param>
    internal readonly record struct Outcome(double Mean, double Low, double Limit)
    {
        /// <summary>Whether there is no alarm.</summary>
        public bool Ok => Low <= Limit;
    }

    /// <summary>Judges.</summary>
    /// <param name="connects">Connects of each client in the window, at least two clients.</param>
    /// <param name="limit">Window over base delay.</param>
    public static Outcome Judge(IReadOnlyCollection<double> connects, double limit)
    {
        var (mean, deviation) = connects.MeanStandardDeviation();
        var t = StudentT.InvCDF(0, 1, connects.Count - 1, 1 - Alpha);
        return new Outcome(mean, mean - t * deviation / Math.Sqrt(connects.Count), limit);
    }
}
