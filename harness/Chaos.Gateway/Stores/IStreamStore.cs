using Chaos.Gateway.Streams;

namespace Chaos.Gateway.Stores;

/// <summary>A publish.</summary>
/// <param name="User">Whose it is; idempotency keys of different users do not meet.</param>
/// <param name="Channel">Where to.</param>
/// <param name="Mid">Idempotency key.</param>
/// <param name="Data">JSON in UTF-8.</param>
/// <param name="After">Key of another of the user's publishes on the channel, without which this one must not be in the stream; null for none.</param>
internal sealed record PublishRequest(string User, string Channel, string Mid, byte[] Data, string? After = null);

/// <summary>What became of a publish.</summary>
internal enum PublishOutcome
{
    /// <summary>It is in the stream now.</summary>
    Published,

    /// <summary>It was there before, with the same body.</summary>
    Repeated,

    /// <summary>Its key was used before, with another body.</summary>
    Conflict,

    /// <summary>Nothing happened: the one that it must come after is not in the stream.</summary>
    Early,
}

/// <summary>Outcome of a publish and its place in the stream.</summary>
internal sealed record PublishResult(PublishOutcome Outcome, StreamPosition Position);

/// <summary>Streams of channels.</summary>
internal interface IStreamStore
{
    /// <summary>Appends, tells every node, and remembers the key: all in one step or none of it.</summary>
    ValueTask<PublishResult> PublishAsync(PublishRequest request, CancellationToken cancel);

    /// <summary>Reads position and the entries after <paramref name="since"/> (null for none), at most <paramref name="limit"/> of the newest, at one moment.</summary>
    ValueTask<StreamRead> ReadAsync(string channel, long? since, int limit, CancellationToken cancel);

    /// <summary>Positions of many channels; null for one that has none.</summary>
    ValueTask<IReadOnlyList<StreamPosition?>> PositionsAsync(IReadOnlyList<string> channels, CancellationToken cancel);
}
