namespace Chaos.Proxy.Faults;

/// <summary>
/// Distributions of delay around a centre. Each takes uniform numbers and gives milliseconds; negative results are cut
/// at zero, as a delay cannot be less.
/// </summary>
internal static class DelayDistribution
{
    public const string Uniform = "uniform";
    public const string Normal = "normal";
    public const string Pareto = "pareto";
    public const string ParetoNormal = "paretonormal";
    public const string LogNormal = "lognormal";

    public static readonly string[] All = [Uniform, Normal, Pareto, ParetoNormal, LogNormal];

    // netem's table has shape 3: finite variance, heavy enough a tail to matter.
    private const double ParetoShape = 3;

    /// <summary>
    /// Draws a delay in milliseconds.
    /// uniform: [latency-jitter, latency+jitter]. normal: mean latency, standard deviation jitter.
    /// pareto: shape 3, shifted and scaled to mean latency and standard deviation jitter.
    /// paretonormal: netem's mixture, a quarter normal and three quarters Pareto.
    /// lognormal: mean latency, standard deviation jitter.
    /// </summary>
    public static double Draw(string distribution, double latency, double jitter, double unit, ref RandomStream stream)
    {
        if (jitter <= 0) return latency;
        var value = distribution switch
        {
            Normal => latency + jitter * Quantile(unit),
            Pareto => latency + jitter * StandardPareto(unit),
            ParetoNormal => latency + jitter * (0.25 * Quantile(stream.NextUnit()) + 0.75 * StandardPareto(unit)),
            LogNormal => DrawLogNormal(latency, jitter, unit),
            _ => latency + jitter * (2 * unit - 1),
        };
        return Math.Max(0, value);
    }

    private static double DrawLogNormal(double mean, double deviation, double unit)
    {
        if (mean <= 0) return 0;
        var variance = Math.Log(1 + deviation * deviation / (mean * mean));
        return Math.Exp(Math.Log(mean) - variance / 2 + Math.Sqrt(variance) * Quantile(unit));
    }

    // Pareto with minimum 1 has mean a/(a-1) and variance a/((a-1)²(a-2)).
    private static double StandardPareto(double unit)
    {
        const double Mean = ParetoShape / (ParetoShape - 1);
        var deviation = Math.Sqrt(ParetoShape / ((ParetoShape - 1) * (ParetoShape - 1) * (ParetoShape - 2)));
        return (Math.Pow(1 - unit, -1 / ParetoShape) - Mean) / deviation;
    }

    /// <summary>
    /// Quantile of the standard normal distribution, relative error below 1.15e-9. Source: P. J. Acklam, "An algorithm
    /// for computing the inverse normal cumulative distribution function" (2003).
    /// </summary>
    public static double Quantile(double p)
    {
        const double Low = 0.02425;
        if (p < Low)
        {
            var q = Math.Sqrt(-2 * Math.Log(p));
            return Tail(q);
        }
        if (p > 1 - Low)
        {
            var q = Math.Sqrt(-2 * Math.Log(1 - p));
            return -Tail(q);
        }
        var r = p - 0.5;
        var s = r * r;
        return (((((-39.69683028665376 * s + 220.9460984245205) * s - 275.9285104469687) * s + 138.3577518672690) * s
            - 30.66479806614716) * s + 2.506628277459239) * r
            / (((((-54.47609879822406 * s + 161.5858368580409) * s - 155.6989798598866) * s + 66.80131188771972) * s
            - 13.28068155288572) * s + 1);

        static double Tail(double q) =>
            (((((-0.007784894002430293 * q - 0.3223964580411365) * q - 2.400758277161838) * q - 2.549732539343734) * q
            + 4.374664141464968) * q + 2.938163982698783)
            / ((((0.007784695709041462 * q + 0.3224671290700398) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1);
    }
}
