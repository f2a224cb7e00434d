using Chaos.Client.Parts;
using Chaos.Client.Policies;

namespace Chaos.Mutants.Clients;

/// <summary>Spread at first; once the grown delay passes the cap, the cap swallows the jitter and all clients wait exactly the cap.</summary>
internal sealed class InStepAtCap : IBackoff
{
    internal static ClientMutant Mutant { get; } = new("client.in-step-at-cap",
        "Adds its jitter before the cap, so all clients are in step at the cap.",
        parts => parts with { Backoff = new InStepAtCap() });

    public double DelayMs(int attempt, ClientPolicy policy, Random random) => 
        Math.Min(policy.CapMs, policy.BaseMs * Math.Pow(policy.Factor, attempt) * (1 + random.NextDouble()));
}
