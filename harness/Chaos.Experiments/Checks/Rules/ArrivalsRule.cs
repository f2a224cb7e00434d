namespace Chaos.Experiments.Checks.Rules;

/// <summary>
/// How a wave of arrivals is told from a stream: by the fullest of consecutive steps of 100 ms. The capacity is a fact about the gateway, so
/// there is no error level to set; how often chance alone exceeds it follows from the fleet and its policy, and is for the
/// experiment to keep rare: n clients spread over w seconds are Binomial(n, 0.1 / w) in each step.
/// </summary>
internal static class ArrivalsRule
{
    /// <summary>Length of a step, in microseconds.</summary>
    public const long StepUs = 100_000;

    /// <summary>What was found.</summary>
    /// <param name="Step">The fullest step, from 0.</param>
    /// <param name="Peak">Arrivals in it.</param>
    /// <param name="Limit">How many the gateway can take in a step.</param>
    internal readonly record struct Outcome(long Step, int Peak, double Limit)
    {
        /// <summary>Whether the gateway can take them.</summary>
        public bool Ok => Peak <= Limit;
    }

    /// <summary>Judges.</summary>
    /// <param name="arrivalsUs">When each handshake arrived, at least one, in microseconds.</param>
    /// <param name="fromUs">Where the first step begins.</param>
    /// <param name="capacityPerSecond">Handshakes that the gateway can take in a second.</param>
    public static Outcome Judge(IEnumerable<long> arrivalsUs, long fromUs, double capacityPerSecond)
    {
        var (step, peak) = arrivalsUs.CountBy(at => (at - fromUs) / StepUs).MaxBy(s => s.Value);
        return new Outcome(step, peak, capacityPerSecond * StepUs / 1e6);
    }
}
