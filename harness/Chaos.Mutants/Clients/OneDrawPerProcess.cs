using Chaos.Client.Parts;
using Chaos.Client.Policies;
using Chaos.Client.Randomness;

namespace Chaos.Mutants.Clients;

/// <summary>Each delay looks random, but all clients of the process wait the same.</summary>
internal sealed class OneDrawPerProcess : IBackoff
{
    internal static ClientMutant Mutant { get; } = new("client.one-draw-per-process",
        "Draws its jitter once per process and shares it among all clients.",
        parts => parts with { Backoff = new OneDrawPerProcess() });

    // A fixed seed, so that the shared draw does not depend on which client comes first.
    private static readonly double Shared = SeedTree.Stream(0, "one draw per process").NextDouble();

    public double DelayMs(int attempt, ClientPolicy policy, Random random) => Shared * policy.UpperBoundMs(attempt);
}
