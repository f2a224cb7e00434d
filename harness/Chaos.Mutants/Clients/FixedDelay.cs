using Chaos.Client.Parts;
using Chaos.Client.Policies;

namespace Chaos.Mutants.Clients;

/// <summary>Clients that were cut together come back together, every time.</summary>
internal sealed class FixedDelay : IBackoff
{
    internal static ClientMutant Mutant { get; } = new("client.fixed-delay",
        "Waits the same fixed delay before every attempt.",
        parts => parts with { Backoff = new FixedDelay() });

    public double DelayMs(int attempt, ClientPolicy policy, Random random) => policy.BaseMs;
}
