using Chaos.Client.Parts;

namespace Chaos.Mutants.Clients;

/// <summary>Everything published while it was away is lost to it.</summary>
internal sealed class NoRecovery : IRecovery
{
    internal static ClientMutant Mutant { get; } = new("client.no-recovery",
        "Subscribes afresh after a reconnect, without recovery.",
        parts => parts with { Recovery = new NoRecovery() });

    public bool Recovers => false;

    public long Advance(long known, long offset, bool replay) => Math.Max(known, offset);
}
