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
/// replayed. Live publications are put behind what was read by their offsets, each once.
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
            extension.Add(new Publication(publication.Offset, publication.Data));
            top = publication.Offset;
        }

        var position = new StreamPosition(read.Epoch, top);
        if (since is null || since.Epoch != read.Epoch || since.Offset > top) return new RecoveryResult(true, false, position, []);
        var missed = Math.Max(0, read.Top - since.Offset);
        if (read.Tail.Count < missed) return new RecoveryResult(true, false, position, []);
        var publications = read.Tail.Skip(read.Tail.Count - (int)missed).Concat(extension.Where(p => p.Offset > since.Offset)).ToList();
        return new RecoveryResult(true, true, position, publications);
    }

    private static RecoveryResult NotGapless(StreamRead read) => new(false, false, new StreamPosition(read.Epoch, read.Top), []);
}
