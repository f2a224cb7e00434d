namespace Chaos.Client.Parts;

/// <summary>What a publication is, seen from the known position.</summary>
public enum PublicationKind
{
    /// <summary>The next one: deliver it.</summary>
    Next,

    /// <summary>Seen before: drop it.</summary>
    Duplicate,

    /// <summary>Something before it is missing: recover.</summary>
    Gap,
}

/// <summary>What to do with a publication, by its offset.</summary>
public interface IDeduplicator
{
    /// <summary>Classifies a publication.</summary>
    /// <param name="known">Largest offset known; at or below it everything was delivered.</param>
    /// <param name="offset">The publication's offset, 1 or more.</param>
    PublicationKind Classify(long known, long offset);
}

/// <summary>Offsets of a channel have no holes, so an offset tells duplicates and gaps apart.</summary>
public sealed class OffsetDeduplicator : IDeduplicator
{
    /// <inheritdoc/>
    public PublicationKind Classify(long known, long offset) =>
        offset <= known ? PublicationKind.Duplicate : offset == known + 1 ? PublicationKind.Next : PublicationKind.Gap;
}
