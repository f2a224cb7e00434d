using System.Text;
using Chaos.Gateway.Auth;
using Chaos.Gateway.Channels;
using Chaos.Gateway.Dependencies;
using Chaos.Gateway.Protocol;
using Chaos.Gateway.Sessions;
using Chaos.Gateway.Settings;
using Chaos.Gateway.Stores;
using Chaos.Gateway.Streams;
using StackExchange.Redis;

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
        var oldest = (time.GetUtcNow() - _relevant).ToUnixTimeMilliseconds();
        foreach (var entry in await CurrentAsync(redis.Keys.Revocations, e => (long)e.Value < oldest, cancel))
            Revoke(entry.Name!, DateTimeOffset.FromUnixTimeMilliseconds((long)entry.Value));

        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var entry in await CurrentAsync(redis.Keys.ChannelLimits, e => Limit(e) is not { } limit || limit.UntilUnixMs <= now, cancel)) Handle(Limit(entry)!);
    }

    /// <summary>What a hash holds; what is over in it is deleted first.</summary>
    private async ValueTask<IEnumerable<HashEntry>> CurrentAsync(RedisKey hash, Func<HashEntry, bool> isOver, CancellationToken cancel)
    {
        var all = await redis.RunAsync(hash, static (db, key) => db.HashGetAllAsync(key), cancel);
        var over = all.Where(isOver).Select(e => e.Name).ToArray();
        if (over.Length > 0) await redis.RunAsync((hash, over), static (db, s) => db.HashDeleteAsync(s.hash, s.over), cancel);
        return all.Where(e => !over.Contains(e.Name));
    }

    private static LiveMessage.Limited? Limit(HashEntry entry) => LiveMessage.Parse(Encoding.UTF8.GetBytes(entry.Value.ToString())) as LiveMessage.Limited;

    private void Revoke(string key, DateTimeOffset moment)
    {
        revocations.Add(key, moment);
        foreach (var session in registry.All.Where(s => s.Who is { } who && revocations.Covers(who))) session.Close(CloseReason.InvalidToken);
    }
}
