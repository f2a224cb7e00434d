namespace Chaos.Gateway.Streams;

/// <summary>Where a publication was published, which every region's copy of it says.</summary>
/// <param name="Stream">The region and the epoch of the channel there: <c>eu:5f1c…</c>.</param>
/// <param name="Seq">Its number among those published there, from 1, without gaps.</param>
internal readonly record struct Origin(string Stream, long Seq);

/// <summary>One entry of a channel's stream.</summary>
/// <param name="Offset">Its place, from 1, without gaps.</param>
/// <param name="Data">JSON in UTF-8, without line breaks.</param>
/// <param name="From">Where it was published; null where there is one region only.</param>
internal sealed record Publication(long Offset, ReadOnlyMemory<byte> Data, Origin? From = null);

/// <summary>A publication as it arrives live, with the epoch of its stream.</summary>
internal sealed record LivePublication(string Epoch, long Offset, ReadOnlyMemory<byte> Data, Origin? From = null);

/// <summary>A place in a stream. Offsets of different epochs say nothing about each other.</summary>
/// <param name="Seen">The same place as another region can find it: the last number seen of each origin; null when it is not known.</param>
internal sealed record StreamPosition(string Epoch, long Offset, IReadOnlyDictionary<string, long>? Seen = null);

/// <summary>What was read from a stream at one moment.</summary>
/// <param name="Epoch">Its epoch.</param>
/// <param name="Top">Offset of its newest entry, 0 when there was none.</param>
/// <param name="Tail">The entries asked for as far as they are still kept: consecutive offsets that end at <paramref name="Top"/>.</param>
internal sealed record StreamRead(string Epoch, long Top, IReadOnlyList<Publication> Tail)
{
    /// <summary>The newest number of each origin; empty where there is one region only.</summary>
    public IReadOnlyDictionary<string, long> Origins { get; init; } = System.Collections.Frozen.FrozenDictionary<string, long>.Empty;
}
