namespace Chaos.Gateway.Dependencies;

/// <summary>A seeded stream that several threads may draw from.</summary>
internal sealed class LockedRandom(long seed)
{
    private readonly Random _random = new(unchecked((int)(seed ^ (seed >> 32))));
    private readonly Lock _lock = new();

    public double NextDouble()
    {
        lock (_lock) return _random.NextDouble();
    }
}
