namespace Chaos.Client.Parts;

/// <summary>How the position in a channel moves, and whether recovery from it is asked for.</summary>
public interface IRecovery
{
    /// <summary>True to ask for what was missed when a channel is subscribed again.</summary>
    bool Recovers { get; }

    /// <summary>The known offset after a publication, or after a recovery up to the stream's top.</summary>
    /// <param name="known">The offset known before.</param>
    /// <param name="offset">The publication's offset, or the top.</param>
    /// <param name="replay">True for recovered publications and the top, false for live ones.</param>
    long Advance(long known, long offset, bool replay);
}

/// <summary>The position is the largest offset seen, replayed or live.</summary>
public sealed class RecoverFromPosition : IRecovery
{
    /// <inheritdoc/>
    public bool Recovers => true;

    /// <inheritdoc/>
    public long Advance(long known, long offset, bool replay) => Math.Max(known, offset);
}
