using Chaos.Client.Parts;
using Chaos.Client.Policies;

namespace Chaos.Mutants.Clients;

/// <summary>A client that hammers whatever refuses it.</summary>
internal sealed class NoDelay : IBackoff
{
    internal static ClientMutant Mutant { get; } = new("client.no-delay",
        "Does not wait at all before an attempt.",
        parts => parts with { Backoff = new NoDelay() });

    public double DelayMs(int attempt, ClientPolicy policy, Random random) => 0;
}
