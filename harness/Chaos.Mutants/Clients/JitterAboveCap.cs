using Chaos.Client.Parts;
using Chaos.Client.Policies;

namespace Chaos.Mutants.Clients;

/// <summary>Delays reach up to twice what was declared.</summary>
internal sealed class JitterAboveCap : IBackoff
{
    internal static ClientMutant Mutant { get; } = new("client.jitter-above-cap",
        "Adds its jitter after the cap, so delays exceed the cap.",
        parts => parts with { Backoff = new JitterAboveCap() });

    public double DelayMs(int attempt, ClientPolicy policy, Random random) => 
        policy.UpperBoundMs(attempt) * (1 + random.NextDouble());
}
