using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace Chaos.Gateway.Stores;

/// <summary>
/// Names in Redis. Each begins with the system's prefix, so that several systems can share a store. Braces keep everything of one channel in one slot of a
/// cluster.
/// </summary>
/// <param name="prefix">Of every node and region of one system the same, see <see cref="Settings.GatewaySettings.KeyPrefix"/>.</param>
internal sealed class Keys(string prefix)
{
    /// <summary>Pub/sub channel on which the nodes of a region tell each other.</summary>
    public RedisChannel Live { get; } = RedisChannel.Literal($"{prefix}:live");

    public RedisKey Revocations { get; } = $"{prefix}:revocations";

    public RedisKey ChannelLimits { get; } = $"{prefix}:channel-limits";

    /// <summary>What was published in this region and is to reach the others, oldest first. One list for all channels: a region's store is no cluster.</summary>
    public RedisKey Outbox { get; } = $"{prefix}:outbox";

    /// <summary>How far the outbox has come, and how far each other region has.</summary>
    public RedisKey OutboxState { get; } = $"{prefix}:outbox:state";

    /// <summary>Which node of the region replicates.</summary>
    public RedisKey Replicator { get; } = $"{prefix}:replicator";

    /// <summary>Sessions that went on in two regions at once, oldest first, as their live messages.</summary>
    public RedisKey Forks { get; } = $"{prefix}:forks";

    public RedisKey Meta(string channel) => $"{prefix}:{{{channel}}}:meta";

    public RedisKey Log(string channel) => $"{prefix}:{{{channel}}}:log";

    public RedisKey Session(string session) => $"{prefix}:{{{session}}}:session";

    /// <summary>Which node wrote the region's entry about a generation that was not kept.</summary>
    public RedisKey ForkTold(string ended) => $"{prefix}:forks:{ended}";

    public RedisKey Idempotency(string user, string channel, string mid) => Idempotency(channel, MidHash(user, channel, mid));

    public RedisKey Idempotency(string channel, string midHash) => $"{prefix}:{{{channel}}}:mid:{midHash}";

    /// <summary>Of (user, channel, mid). Hashed with lengths, so that no two triples meet whatever characters they hold.</summary>
    public static string MidHash(string user, string channel, string mid)
    {
        var triple = $"{user.Length}:{user}{channel.Length}:{channel}{mid}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(triple)).AsSpan(0, 16));
    }
}
