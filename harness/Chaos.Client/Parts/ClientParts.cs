namespace Chaos.Client.Parts;

/// <summary>
/// The decisions a client is made of, each behind its own small interface, with the reference's as default. Parts hold no state
/// of a client, so that one set serves any number of clients.
/// </summary>
public sealed record ClientParts
{
    /// <summary>The reference client's parts.</summary>
    public static ClientParts Reference { get; } = new();

    /// <summary>How long to wait before an attempt.</summary>
    public IBackoff Backoff { get; init; } = new FullJitterBackoff();

    /// <summary>When attempts count from 0 again.</summary>
    public IAttemptReset AttemptReset { get; init; } = new ResetWhenStable();

    /// <summary>When a silent connection is dead.</summary>
    public ILiveness Liveness { get; init; } = new PingDeadline();

    /// <summary>How long a dead connection's close handshake is waited for.</summary>
    public ICloseWait CloseWait { get; init; } = new NoCloseWait();

    /// <summary>What to do with the session resume token.</summary>
    public IResume Resume { get; init; } = new OfferResumeToken();

    /// <summary>How the position in a channel moves, and whether recovery from it is asked for.</summary>
    public IRecovery Recovery { get; init; } = new RecoverFromPosition();

    /// <summary>What to do with a publication, by its offset.</summary>
    public IDeduplicator Deduplicator { get; init; } = new OffsetDeduplicator();

    /// <summary>What to do with publishes that were not acknowledged.</summary>
    public IResendBuffer ResendBuffer { get; init; } = new IdempotentResend();

    /// <summary>How many publishes may be under way after a refusal.</summary>
    public IPacing Pacing { get; init; } = new SlowStart();

    /// <summary>Which region to connect to.</summary>
    public IRegionChoice RegionChoice { get; init; } = new NearestThenNext();

    /// <summary>Which codes end the client for good.</summary>
    public ITerminalCodes TerminalCodes { get; init; } = new CentrifugoTerminalCodes();
}
