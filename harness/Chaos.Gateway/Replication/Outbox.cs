using System.Globalization;
using Chaos.Gateway.Dependencies;
using Chaos.Gateway.Settings;
using Chaos.Gateway.Stores;
using StackExchange.Redis;

namespace Chaos.Gateway.Replication;

/// <summary>Lines of the outbox that a region does not have yet.</summary>
/// <param name="From">Number of the first of them.</param>
/// <param name="Lost">Lines before it that it will never get, because the outbox was full.</param>
/// <param name="Newest">Number of the newest line that there is.</param>
internal sealed record OutboxRead(long From, long Lost, long Newest, IReadOnlyList<OutboxLine> Lines);

/// <summary>
/// What was published in this region, in order, until every other region has it. It is kept in the region's store, so it outlives the nodes; it is
/// bounded, so a region that stays away costs no more than that.
/// </summary>
internal sealed class Outbox(RedisGate redis, GatewaySettings settings)
{
    private readonly RedisValue[] _peers = [.. settings.Replication.Peers.Keys.Select(p => (RedisValue)p)];

    /// <summary>Whether this node is the one that replicates; if nobody is, it becomes it.</summary>
    /// <exception cref="DependencyUnavailableException">The store does not answer.</exception>
    public async ValueTask<bool> LeadAsync(CancellationToken cancel) =>
        await redis.RunAsync((redis.Keys.Replicator, settings.Node, settings.Replication.LeaseMs),
            static (db, s) => db.ScriptEvaluateAsync(Scripts.Lead, [s.Replicator], [s.Node, s.LeaseMs]), cancel) is { } led && (int)led == 1;

    /// <summary>Reads what a region lacks, the oldest first.</summary>
    /// <exception cref="DependencyUnavailableException">The store does not answer.</exception>
    public async ValueTask<OutboxRead> ReadAsync(string peer, CancellationToken cancel)
    {
        RedisKey[] keys = [redis.Keys.Outbox, redis.Keys.OutboxState];
        var reply = await redis.RunAsync((keys, peer, settings.Replication.Batch), static (db, s) => db.ScriptEvaluateAsync(Scripts.ReadOutbox, s.keys, [s.peer, s.Batch]), cancel);
        var parts = (RedisResult[])reply!;
        return new OutboxRead(Number(parts[0]), Number(parts[1]), Number(parts[2]), [.. ((RedisResult[])parts[3]!).Select(l => OutboxLine.Parse((byte[])l!))]);
    }

    /// <summary>A region has everything up to a line.</summary>
    /// <exception cref="DependencyUnavailableException">The store does not answer.</exception>
    public async ValueTask ConfirmAsync(string peer, long upTo, CancellationToken cancel)
    {
        RedisKey[] keys = [redis.Keys.Outbox, redis.Keys.OutboxState];
        RedisValue[] values = [peer, upTo, .. _peers];
        await redis.RunAsync((keys, values), static (db, s) => db.ScriptEvaluateAsync(Scripts.ConfirmOutbox, s.keys, s.values), cancel);
    }

    private static long Number(RedisResult value) => long.Parse((string)value!, CultureInfo.InvariantCulture);
}
