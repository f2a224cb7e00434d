using System.Collections.Concurrent;
using System.Text;
using Chaos.Gateway.Admin;
using Chaos.Gateway.Dependencies;
using Chaos.Gateway.Protocol;
using Chaos.Gateway.Sessions;
using Chaos.Gateway.Settings;
using Chaos.Gateway.Stores;
using Chaos.Gateway.Streams;
using Chaos.Gateway.Telemetry;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Chaos.Gateway.Resume;

/// <summary>Ends what goes on of a session that was resumed in two regions while they could not hear of each other, and was kept in the other.</summary>
internal interface ISessionForks : ILiveListener
{
    /// <summary>Whether another connection's generation was kept in place of this one.</summary>
    bool HasEnded(SessionLease lease);
}

/// <summary>
/// The store finds forks while it takes what another region tells, and keeps one side of each. Nodes hear of it at once where they can, and from the list in
/// the store otherwise. The connection that was not kept is closed with a code on which its client comes back; it is told that its token was "forked", and begins afresh.
/// One node of each region writes the audit entry and counts.
/// </summary>
internal sealed class SessionForks(SessionRegistry registry, RedisGate redis, IAuditLog audit, GatewayMetrics metrics, GatewaySettings settings, ILogger<SessionForks> log) : ISessionForks
{
    // The list is gone when a session's life has passed without another fork. A fork that stays on it beyond this is told of twice.
    private static readonly TimeSpan ToldTtl = TimeSpan.FromDays(1);
    // Of this process: one that was started anew must not take what its predecessor told for its own.
    private readonly string _self = $"{settings.Node} {Guid.NewGuid():N}";
    private readonly ConcurrentDictionary<string, bool> _ended = new(StringComparer.Ordinal);
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);

    public bool HasEnded(SessionLease lease) => _ended.ContainsKey(lease.Generation);

    public void Handle(LiveMessage message)
    {
        if (message is not LiveMessage.Forked fork) return;
        _ended[fork.Ended] = true;
        Close();
    }

    public async ValueTask CompareAsync(CancellationToken cancel)
    {
        if (settings.Region is null) return;
        var all = await redis.RunAsync(redis.Keys.Forks, static (db, key) => db.ListRangeAsync(key), cancel);
        var forks = all.Select(f => LiveMessage.Parse(Encoding.UTF8.GetBytes(f.ToString()))).OfType<LiveMessage.Forked>().ToDictionary(f => f.Ended, StringComparer.Ordinal);
        foreach (var over in _ended.Keys.Where(e => !forks.ContainsKey(e))) _ended.TryRemove(over, out _);
        _told.IntersectWith(forks.Keys);
        foreach (var ended in forks.Keys) _ended[ended] = true;
        Close();
        foreach (var fork in forks.Values.Where(f => !_told.Contains(f.Ended))) await TellAsync(fork, cancel);
    }

    private void Close()
    {
        if (_ended.IsEmpty) return;
        foreach (var session in registry.All.Where(s => s.Lease is { } lease && HasEnded(lease))) session.Close(CloseReason.StateInvalidated);
    }

    private async ValueTask TellAsync(LiveMessage.Forked fork, CancellationToken cancel)
    {
        // Whoever sets it first tells. Read after it was set, because an attempt that seemed to fail may have set it.
        var teller = await redis.RunAsync((Key: redis.Keys.ForkTold(fork.Ended), Self: _self), static async (db, s) =>
        {
            await db.StringSetAsync(s.Key, s.Self, ToldTtl, When.NotExists);
            return await db.StringGetAsync(s.Key);
        }, cancel);
        try
        {
            if (teller == _self)
            {
                audit.Write("gateway", "session.forked", new { session = fork.Session, kept = fork.KeptRegion, ended = fork.EndedRegion });
                metrics.Fork(fork.KeptRegion, fork.EndedRegion);
            }
            _told.Add(fork.Ended);
        }
        catch (IOException e)
        {
            // The connection ends all the same; the next comparison tries to write again.
            log.LogError(e, "a forked session could not be written to the audit log");
        }
    }
}
