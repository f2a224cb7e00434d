using Distribution = MathNet.Numerics.Distributions.Binomial;

namespace Chaos.Experiments.Sensitivity;

/// <summary>Draws counts.</summary>
internal static class Draws
{
    /// <summary>
    /// How many of <paramref name="n"/> come about, each with probability <paramref name="p"/>: the inverse of the distribution function, by
    /// bisection. The library's own draw takes n steps, and there are millions of deliveries.
    /// </summary>
    public static int Binomial(Random random, int n, double p)
    {
        if (n == 0 || p <= 0) return 0;
        if (p >= 1) return n;
        var u = random.NextDouble();
        int low = 0, high = n;
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (Distribution.CDF(p, n, middle) >= u) high = middle;
            else low = middle + 1;
        }

        return low;
    }

    /// <summary>How many independent events come about when <paramref name="mean"/> are expected.</summary>
    public static int Poisson(Random random, double mean) => mean > 0 ? MathNet.Numerics.Distributions.Poisson.Sample(random, mean) : 0;
}
