using System.Text;
using Chaos.Gateway.Auth;
using Chaos.Gateway.Channels;
using Chaos.Gateway.Dependencies;
using Chaos.Gateway.Protocol;
using Chaos.Gateway.Sessions;
using Chaos.Gateway.Settings;
using Chaos.Gateway.Stores;
using Chaos.Gateway.Streams;

namespace Chaos.Gateway.Admin;

/// <summary>Carries out on this node what an operator asked for on any node of the region.</summary>
internal sealed class ControlListener(SessionRegistry registry, IRevocations revocations, IChannelLimits limits, RedisGate redis, GatewaySettings settings, TimeProvider time) : ILiveListener
{
    // A token older than this has ended by itself, and its revocation with it.
    private readonly TimeSpan _relevant = TimeSpan.FromSeconds(settings.Jwt.MaxLifetimeS) + TimeSpan.FromMinutes(5);

    public void Handle(LiveMessage message)
    {
        switch (message)
        {
            case LiveMessage.Disconnect d:
                foreach (var session in registry.All.Where(s => s.Who?.User == d.User)) session.Close(CloseReason.Of(d.Code));
                break;
            case LiveMessage.Revoked r:
                Revoke(r.Key, DateTimeOffset.FromUnixTimeMilliseconds(r.UnixMs));
                break;
            case LiveMessage.Limited l:
                limits.Set(new ChannelLimit(l.Channel, l.PerSecond, DateTimeOffset.FromUnixTimeMilliseconds(l.UntilUnixMs)));
                break;
        }
    }

    public async ValueTask CompareAsync(CancellationToken cancel)
    {
        var all = await redis.RunAsync(0, static (db, _) => db.HashGetAllAsync(Keys.Revocations), cancel);
        var oldest = time.GetUtcNow() - _relevant;
        var past = all.Where(e => DateTimeOffset.FromUnixTimeMilliseconds((long)e.Value) < oldest).Select(e => e.Name).ToArray();
        if (past.Length > 0) await redis.RunAsync(past, static (db, names) => db.HashDeleteAsync(Keys.Revocations, names), cancel);
        foreach (var entry in all.Where(e => !past.Contains(e.Name))) Revoke(entry.Name!, DateTimeOffset.FromUnixTimeMilliseconds((long)entry.Value));
        await CompareLimitsAsync(cancel);
    }

    /// <summary>Limits that this node has missed, or that are older than it.</summary>
    private async ValueTask CompareLimitsAsync(CancellationToken cancel)
    {
        var all = await redis.RunAsync(0, static (db, _) => db.HashGetAllAsync(Keys.ChannelLimits), cancel);
        var known = all.Select(e => (e.Name, Limit: LiveMessage.Parse(Encoding.UTF8.GetBytes(e.Value.ToString())) as LiveMessage.Limited)).ToList();
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var past = known.Where(k => k.Limit is null || k.Limit.UntilUnixMs <= now).Select(k => k.Name).ToArray();
        if (past.Length > 0) await redis.RunAsync(past, static (db, names) => db.HashDeleteAsync(Keys.ChannelLimits, names), cancel);
        foreach (var (name, limit) in known.Where(k => !past.Contains(k.Name))) Handle(limit!);
    }

    private void Revoke(string key, DateTimeOffset moment)
    {
        revocations.Add(key, moment);
        foreach (var session in registry.All.Where(s => s.Who is { } who && revocations.Covers(who))) session.Close(CloseReason.InvalidToken);
    }
}
