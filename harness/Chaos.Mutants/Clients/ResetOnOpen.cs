using Chaos.Client.Parts;
using Chaos.Client.Policies;

namespace Chaos.Mutants.Clients;

/// <summary>A gateway that accepts sockets and drops them sees the shortest backoff for ever.</summary>
internal sealed class ResetOnOpen : IAttemptReset
{
    internal static ClientMutant Mutant { get; } = new("client.reset-on-open",
        "Counts attempts from 0 again as soon as a socket opens.",
        parts => parts with { AttemptReset = new ResetOnOpen() });

    public bool ResetsOnOpen => true;

    public double StableMs(ClientPolicy policy) => policy.StableMs;
}
