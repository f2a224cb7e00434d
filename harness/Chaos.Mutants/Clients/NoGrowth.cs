using Chaos.Client.Parts;
using Chaos.Client.Policies;

namespace Chaos.Mutants.Clients;

/// <summary>Jittered, but as eager after an hour of refusals as after the first.</summary>
internal sealed class NoGrowth : IBackoff
{
    internal static ClientMutant Mutant { get; } = new("client.no-growth",
        "Its backoff does not grow: every attempt waits as the first does.",
        parts => parts with { Backoff = new NoGrowth() });

    public double DelayMs(int attempt, ClientPolicy policy, Random random) => random.NextDouble() * policy.BaseMs;
}
