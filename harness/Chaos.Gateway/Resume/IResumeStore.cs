using Chaos.Gateway.Auth;

namespace Chaos.Gateway.Resume;

/// <summary>A subscription of a session as it is restored.</summary>
/// <param name="Epoch">Epoch of the stream.</param>
/// <param name="Offset">Up to here the client is known to have received.</param>
/// <param name="TokenUntilUnixMs">End of the subscription token it rested on; null when it needed none.</param>
internal sealed record HeldSubscription(string Epoch, long Offset, long? TokenUntilUnixMs);

/// <summary>What a session leaves behind.</summary>
internal sealed record SessionState(IReadOnlyDictionary<string, HeldSubscription> Subscriptions)
{
    public static SessionState Empty { get; } = new(new Dictionary<string, HeldSubscription>());
}

/// <summary>A session's right to write its state: only the latest connection of it has this generation.</summary>
internal sealed record SessionLease(string Session, string Generation);

/// <summary>Outcome of a connect.</summary>
/// <param name="Resumed">Whether an earlier session goes on.</param>
/// <param name="Reason">Why not, when a token was presented: tampered, expired, replayed, stolen, unknown, not-replicated (of another region that has not told this one yet), forked (used in two
/// regions that did not hear of each other, and the other one was kept) or unavailable.</param>
/// <param name="Lease">The session, old or new.</param>
/// <param name="Token">The token to come back with, null when none can be issued.</param>
/// <param name="State">What is restored.</param>
internal sealed record ResumeOutcome(bool Resumed, string? Reason, SessionLease Lease, string? Token, SessionState State);

/// <summary>Keeps sessions beyond their connections.</summary>
internal interface IResumeStore
{
    /// <summary>Resumes with <paramref name="token"/>, or begins a session. Never fails: without Redis there is no token.</summary>
    ValueTask<ResumeOutcome> BeginAsync(string? token, Identity who, CancellationToken cancel);

    /// <summary>Saves the state of sessions whose lease is current; the others are passed over.</summary>
    ValueTask SaveAsync(IReadOnlyList<(SessionLease Lease, SessionState State)> sessions, CancellationToken cancel);
}

/// <summary>Whether a resume token belongs to who presents it.</summary>
internal interface IResumeBinding
{
    bool Belongs(ResumeClaims claims, Identity who);
}

/// <summary>The same user of the same tenant.</summary>
internal sealed class ResumeBinding : IResumeBinding
{
    public bool Belongs(ResumeClaims claims, Identity who) => claims.User == who.User && claims.Tenant == who.Tenant;
}
