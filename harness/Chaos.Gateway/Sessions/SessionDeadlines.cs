namespace Chaos.Gateway.Sessions;

/// <summary>Something of a session is due.</summary>
internal enum DueKind
{
    /// <summary>No connect command came.</summary>
    Stale,

    /// <summary>Send a ping.</summary>
    Ping,

    /// <summary>A ping was not answered.</summary>
    NoPong,

    /// <summary>The connection's token has ended.</summary>
    TokenExpired,

    /// <summary>A subscription's token has ended.</summary>
    SubscriptionExpired,
}

/// <summary>One thing that is due.</summary>
internal readonly record struct Due(DueKind Kind, string? Channel = null);

/// <summary>All deadlines of one session. Sans-IO: times are counted from the session's start and told to it. Not thread-safe.</summary>
internal sealed class SessionDeadlines(TimeSpan pingInterval, TimeSpan pongTimeout, TimeSpan connectTimeout)
{
    private readonly Dictionary<string, TimeSpan> _subscriptions = new(StringComparer.Ordinal);
    private TimeSpan? _stale = connectTimeout;
    private TimeSpan? _ping;
    private TimeSpan? _pong;
    private TimeSpan? _token;

    /// <summary>The client has authenticated: pings begin. <paramref name="firstPing"/> spreads the pings of clients that came together.</summary>
    public void Connected(TimeSpan now, TimeSpan firstPing)
    {
        _stale = null;
        _ping = now + firstPing;
    }

    public void TokenUntil(TimeSpan? until) => _token = until;

    public void SubscriptionUntil(string channel, TimeSpan? until)
    {
        if (until is { } at) _subscriptions[channel] = at;
        else _subscriptions.Remove(channel);
    }

    /// <returns>False when no ping was waiting for it.</returns>
    public bool Pong()
    {
        var waited = _pong is not null;
        _pong = null;
        return waited;
    }

    /// <summary>The next moment at which something is due.</summary>
    public TimeSpan? Next()
    {
        TimeSpan? next = _stale;
        foreach (var at in new[] { _ping, _pong, _token }) next = Earlier(next, at);
        foreach (var at in _subscriptions.Values) next = Earlier(next, at);
        return next;
    }

    /// <summary>What is due now. What closes the connection comes first and is the last thing reported.</summary>
    public IReadOnlyList<Due> Take(TimeSpan now)
    {
        if (_stale <= now) return End(DueKind.Stale);
        if (_token <= now) return End(DueKind.TokenExpired);
        if (_pong <= now) return End(DueKind.NoPong);
        var due = new List<Due>();
        foreach (var channel in _subscriptions.Where(s => s.Value <= now).Select(s => s.Key).ToList())
        {
            _subscriptions.Remove(channel);
            due.Add(new Due(DueKind.SubscriptionExpired, channel));
        }
        if (_ping <= now)
        {
            _ping = now + pingInterval;
            _pong ??= now + pongTimeout;
            due.Add(new Due(DueKind.Ping));
        }
        return due;
    }

    private List<Due> End(DueKind kind)
    {
        (_stale, _ping, _pong, _token) = (null, null, null, null);
        _subscriptions.Clear();
        return [new Due(kind)];
    }

    private static TimeSpan? Earlier(TimeSpan? a, TimeSpan? b) => b is null || a < b ? a : b;
}
