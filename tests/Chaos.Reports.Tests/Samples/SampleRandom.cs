namespace Chaos.Reports.Tests.Samples;

/// <summary>A small generator of its own (SplitMix64), so that a sample is the same on every runtime.</summary>
internal sealed class SampleRandom(ulong seed)
{
    private ulong _state = seed;

    public double Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>From an exponential distribution of mean 1.</summary>
    public double Exponential() => -Math.Log(1 - Next());

    /// <summary>From a standard normal distribution (Box and Muller, 1958).</summary>
    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - Next())) * Math.Cos(2 * Math.PI * Next());
}
