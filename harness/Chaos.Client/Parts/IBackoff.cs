using Chaos.Client.Policies;

namespace Chaos.Client.Parts;

/// <summary>How long to wait before an attempt.</summary>
public interface IBackoff
{
    /// <summary>The delay before an attempt, in milliseconds, 0 or more.</summary>
    /// <param name="attempt">Attempts made since the count was last reset; 0 is the first after a loss.</param>
    /// <param name="policy">The declared policy.</param>
    /// <param name="random">The client's own stream.</param>
    double DelayMs(int attempt, ClientPolicy policy, Random random);
}

/// <summary>
/// Uniform on [0, min(cap, base × factor^attempt)): "full jitter" of Brooker, "Exponential Backoff And Jitter",
/// AWS Architecture Blog, 2015. The jitter covers the whole range also at the cap.
/// </summary>
public sealed class FullJitterBackoff : IBackoff
{
    /// <inheritdoc/>
    public double DelayMs(int attempt, ClientPolicy policy, Random random) => random.NextDouble() * policy.UpperBoundMs(attempt);
}
