namespace Chaos.Proxy.Faults;

/// <summary>
/// A short stream of random numbers (SplitMix64). It is a value: made where a decision is needed, and dropped after it.
/// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
/// </summary>
internal struct RandomStream(ulong seed)
{
    private ulong _state = seed;

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        _state += 0x9E3779B97F4A7C15;
        return Mix(_state);
    }

    /// <summary>Uniform in the open interval (0, 1), so that a logarithm or a power of it is finite.</summary>
    public double NextUnit() => ((NextBits() >> 12) + 0.5) * (1.0 / (1UL << 52));

    /// <summary>The finaliser of SplitMix64: every bit of the input moves every bit of the output.</summary>
    public static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
