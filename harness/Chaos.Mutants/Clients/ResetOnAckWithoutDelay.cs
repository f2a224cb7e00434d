using Chaos.Client.Parts;
using Chaos.Client.Policies;

namespace Chaos.Mutants.Clients;

/// <summary>A gateway that acknowledges and drops is asked again at once, for ever.</summary>
internal sealed class ResetOnAckWithoutDelay : IAttemptReset, IBackoff
{
    private readonly FullJitterBackoff _later = new();

    internal static ClientMutant Mutant { get; } = new("client.reset-on-ack-without-delay",
        "Counts attempts from 0 again with the connect reply, and does not wait before the first.",
        parts => parts with { AttemptReset = new ResetOnAckWithoutDelay(), Backoff = new ResetOnAckWithoutDelay() });

    public bool ResetsOnOpen => false;

    public double StableMs(ClientPolicy policy) => 0;

    public double DelayMs(int attempt, ClientPolicy policy, Random random) => attempt == 0 ? 0 : _later.DelayMs(attempt, policy, random);
}
