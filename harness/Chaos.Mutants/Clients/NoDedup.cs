using Chaos.Client.Parts;

namespace Chaos.Mutants.Clients;

/// <summary>Whatever is sent twice is delivered twice.</summary>
internal sealed class NoDedup : IDeduplicator
{
    internal static ClientMutant Mutant { get; } = new("client.no-dedup",
        "Delivers publications it has seen before.",
        parts => parts with { Deduplicator = new NoDedup() });

    public PublicationKind Classify(long known, long offset) => offset <= known + 1 ? PublicationKind.Next : PublicationKind.Gap;
}
