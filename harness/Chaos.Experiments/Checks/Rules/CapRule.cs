using Chaos.Experiments.Statistics;
using MathNet.Numerics.Distributions;

namespace Chaos.Experiments.Checks.Rules;

/// <summary>
/// How jitter above the cap is told from a timer that woke late. On a busy machine one gap in 200 may exceed the limit, by less
/// than 250 ms; an alarm is raised when so many do that chance explains it in one run of a thousand (exact binomial test).
/// </summary>
internal static class CapRule
{
    /// <summary>Probability of a false alarm when one gap in 200 is late; far less on a machine that is not busy.</summary>
    public const double Alpha = 0.001;

    /// <summary>Share of gaps that may exceed the limit.</summary>
    public const double AllowedShare = 0.005;

    /// <summary>By how much, in milliseconds.</summary>
    public const double AllowedMs = 250;

    /// <summary>What was found.</summary>
    /// <param name="LimitMs">The cap + 5 % + 50 ms.</param>
    /// <param name="LongestMs">The longest gap.</param>
    /// <param name="Over">Number of gaps above the limit.</param>
    /// <param name="MostOver">Largest such number that is no alarm.</param>
    internal readonly record struct Outcome(double LimitMs, double LongestMs, int Over, int MostOver)
    {
        /// <summary>Whether no gap is longer than any late timer explains.</summary>
        public bool IsBounded => LongestMs <= LimitMs + AllowedMs;

        /// <summary>Whether few enough are above the limit.</summary>
        public bool AreFew => Over <= MostOver;
    }

    /// <summary>The limit for a cap, both in milliseconds.</summary>
    public static double LimitMs(double capMs) => capMs * 1.05 + 50;

    /// <summary>Judges.</summary>
    /// <param name="gapsMs">All gaps, at least one.</param>
    public static Outcome Judge(IReadOnlyCollection<double> gapsMs, double capMs)
    {
        var limit = LimitMs(capMs);
        return new Outcome(limit, gapsMs.Max(), gapsMs.Count(g => g > limit), MostOver(gapsMs.Count));
    }

    /// <summary>The smallest number that as many gaps exceed with a probability of at most <see cref="Alpha"/>.</summary>
    public static int MostOver(int gaps)
    {
        var most = (int)(gaps * AllowedShare);
        while (1 - Binomial.CDF(AllowedShare, gaps, most) > Alpha) most++;
        return most;
    }
}
