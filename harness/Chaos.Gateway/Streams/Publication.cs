namespace Chaos.Gateway.Streams;

/// <summary>One entry of a channel's stream.</summary>
/// <param name="Offset">Its place, from 1, without gaps.</param>
/// <param name="Data">JSON in UTF-8, without line breaks.</param>
internal sealed record Publication(long Offset, ReadOnlyMemory<byte> Data);

/// <summary>A publication as it arrives live, with the epoch of its stream.</summary>
internal sealed record LivePublication(string Epoch, long Offset, ReadOnlyMemory<byte> Data);

/// <summary>A place in a stream. Offsets of different epochs say nothing about each other.</summary>
internal sealed record StreamPosition(string Epoch, long Offset);

/// <summary>What was read from a stream at one moment.</summary>
/// <param name="Epoch">Its epoch.</param>
/// <param name="Top">Offset of its newest entry, 0 when there was none.</param>
/// <param name="Tail">The entries asked for as far as they are still kept: consecutive offsets that end at <paramref name="Top"/>.</param>
internal sealed record StreamRead(string Epoch, long Top, IReadOnlyList<Publication> Tail);
