using Chaos.Client.Parts;

namespace Chaos.Mutants.Clients;

/// <summary>The position moves with the next live publication in line only, so that a replay stalls it, and offsets are not looked at on delivery: what was
/// replayed once is replayed again after every later cut.</summary>
internal sealed class StuckOffset : IRecovery, IDeduplicator
{
    internal static ClientMutant Mutant { get; } = new("client.stuck-offset",
        "Does not advance its position by what is replayed, and delivers it again after the next cut.",
        parts => parts with { Recovery = new StuckOffset(), Deduplicator = new StuckOffset() });

    public bool Recovers => true;

    public long Advance(long known, long offset, bool replay) => !replay && offset == known + 1 ? offset : known;

    public PublicationKind Classify(long known, long offset) => PublicationKind.Next;
}
