using System.Collections.Concurrent;

namespace Chaos.Gateway.Auth;

/// <summary>What was revoked.</summary>
internal interface IRevocations
{
    /// <summary>Notes that what <paramref name="key"/> names is revoked as of a moment.</summary>
    void Add(string key, DateTimeOffset moment);

    /// <summary>Whether a token, or its user at the time it was issued, is revoked.</summary>
    bool Covers(Identity who);
}

/// <summary>
/// What this node knows of revoked users and tokens. It is a copy of what Redis holds, so that connecting needs no call; new entries
/// arrive by broadcast, missed ones with the next comparison.
/// </summary>
internal sealed class Revocations : IRevocations
{
    // Key "user:NAME" or "jti:ID"; a token is revoked when it was issued at or before the moment.
    private readonly ConcurrentDictionary<string, DateTimeOffset> _moments = new(StringComparer.Ordinal);

    public static string UserKey(string user) => "user:" + user;

    public static string TokenKey(string tokenId) => "jti:" + tokenId;

    public void Add(string key, DateTimeOffset moment) => _moments.AddOrUpdate(key, moment, (_, known) => known > moment ? known : moment);

    public bool Covers(Identity who) =>
        (_moments.TryGetValue(UserKey(who.User), out var moment) && who.Issued <= moment)
        || (who.TokenId is { } id && _moments.ContainsKey(TokenKey(id)));
}
