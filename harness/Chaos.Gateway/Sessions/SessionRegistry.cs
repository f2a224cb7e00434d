using System.Collections.Concurrent;
using Chaos.Gateway.Settings;
using Chaos.Gateway.Telemetry;

namespace Chaos.Gateway.Sessions;

/// <summary>The authenticated sessions of this node.</summary>
internal sealed class SessionRegistry(GatewaySettings settings, GatewayMetrics metrics)
{
    private readonly ConcurrentDictionary<Session, string> _sessions = new();
    private readonly Dictionary<string, int> _users = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    public IReadOnlyCollection<Session> All => [.. _sessions.Keys];

    public int Count => _sessions.Count;

    /// <returns>False when the user has all connections that one may have.</returns>
    public bool TryEnter(Session session, string user)
    {
        lock (_lock)
        {
            var count = _users.GetValueOrDefault(user);
            if (count >= settings.Limits.MaxConnectionsPerUser) return false;
            _users[user] = count + 1;
            _sessions[session] = user;
        }
        metrics.Connected(1);
        return true;
    }

    public void Remove(Session session)
    {
        lock (_lock)
        {
            if (!_sessions.TryRemove(session, out var user)) return;
            if (--_users[user] == 0) _users.Remove(user);
        }
        metrics.Connected(-1);
    }
}
