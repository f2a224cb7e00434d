namespace Chaos.Gateway.Streams;

/// <summary>Joins what was read from a stream with what arrived live meanwhile.</summary>
internal interface IRecoveryMerge
{
    /// <param name="since">Where the client was, or null when it starts afresh.</param>
    /// <param name="read">Read after live publications began to be kept in <paramref name="live"/>.</param>
    /// <param name="live">Arrived since then, in order of arrival.</param>
    RecoveryResult Merge(StreamPosition? since, StreamRead read, IReadOnlyList<LivePublication> live);
}

/// <summary>How a subscription starts.</summary>
/// <param name="Gapless">False: the stream cannot be promised to be complete; read again, or close with 3010.</param>
/// <param name="Recovered">Whether the client gets everything it missed.</param>
/// <param name="Position">Where the client is after <paramref name="Publications"/>; the next one it gets has the next offset.</param>
/// <param name="Publications">What the client missed, empty unless recovered.</param>
internal sealed record RecoveryResult(bool Gapless, bool Recovered, StreamPosition Position, IReadOnlyList<Publication> Publications);

/// <summary>
/// All or nothing: the epoch must be the same and every publication from the client's offset to the top must be there, else nothing is
/// replayed. Live publications are put behind what was read by their offsets, each once. A client that comes from another region has offsets
/// of a stream that is not here; its numbers of each origin tell what it missed.
/// </summary>
internal sealed class RecoveryMerge : IRecoveryMerge
{
    public RecoveryResult Merge(StreamPosition? since, StreamRead read, IReadOnlyList<LivePublication> live)
    {
        var extension = new List<Publication>();
        var top = read.Top;
        foreach (var publication in live.OrderBy(p => p.Offset))
        {
            if (publication.Epoch != read.Epoch) return NotGapless(read);
            if (publication.Offset <= top) continue;
            if (publication.Offset != top + 1) return NotGapless(read);
            extension.Add(new Publication(publication.Offset, publication.Data, publication.From));
            top = publication.Offset;
        }

        var position = new StreamPosition(read.Epoch, top, Newest(read, extension));
        if (since is { Seen: { } seen } && since.Epoch != read.Epoch) return Elsewhere(seen, read, extension, position);
        if (since is null || since.Epoch != read.Epoch || since.Offset > top) return new RecoveryResult(true, false, position, []);
        var missed = Math.Max(0, read.Top - since.Offset);
        if (read.Tail.Count < missed) return new RecoveryResult(true, false, position, []);
        var publications = read.Tail.Skip(read.Tail.Count - (int)missed).Concat(extension.Where(p => p.Offset > since.Offset)).ToList();
        return new RecoveryResult(true, true, position, publications);
    }

    /// <summary>
    /// Of each origin the numbers rise along the stream, so nothing after the client's is missing if one that it has, or the one after that, is
    /// still there, or if the whole stream is.
    /// </summary>
    private static RecoveryResult Elsewhere(IReadOnlyDictionary<string, long> seen, StreamRead read, List<Publication> extension, StreamPosition position)
    {
        var all = read.Tail.Concat(extension).ToList();
        foreach (var (origin, newest) in position.Seen ?? read.Origins)
        {
            var known = seen.GetValueOrDefault(origin);
            if (newest <= known || all.Count == position.Offset) continue;
            if (!all.Any(p => p.From is { } from && from.Stream == origin && from.Seq <= known + 1)) return new RecoveryResult(true, false, position, []);
        }

        return new RecoveryResult(true, true, position, [.. all.Where(p => p.From is { } from && from.Seq > seen.GetValueOrDefault(from.Stream))]);
    }

    private static Dictionary<string, long>? Newest(StreamRead read, List<Publication> extension)
    {
        if (read.Origins.Count == 0 && extension.TrueForAll(p => p.From is null)) return null;
        var newest = new Dictionary<string, long>(read.Origins, StringComparer.Ordinal);
        foreach (var from in extension.Select(p => p.From).OfType<Origin>()) newest[from.Stream] = Math.Max(newest.GetValueOrDefault(from.Stream), from.Seq);
        return newest;
    }

    private static RecoveryResult NotGapless(StreamRead read) => new(false, false, new StreamPosition(read.Epoch, read.Top), []);
}
