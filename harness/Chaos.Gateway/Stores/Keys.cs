using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace Chaos.Gateway.Stores;

/// <summary>Names in Redis. Braces keep everything of one channel in one slot of a cluster.</summary>
internal static class Keys
{
    public static readonly RedisChannel Live = RedisChannel.Literal("chaos:live");
    public static readonly RedisKey Revocations = "chaos:revocations";
    public static readonly RedisKey ChannelLimits = "chaos:channel-limits";

    public static RedisKey Meta(string channel) => $"chaos:{{{channel}}}:meta";

    public static RedisKey Log(string channel) => $"chaos:{{{channel}}}:log";

    public static RedisKey Session(string session) => $"chaos:{{{session}}}:session";

    /// <summary>What was published in this region and is to reach the others, oldest first. One list for all channels: a region's store is no cluster.</summary>
    public static readonly RedisKey Outbox = "chaos:outbox";

    /// <summary>How far the outbox has come, and how far each other region has.</summary>
    public static readonly RedisKey OutboxState = "chaos:outbox:state";

    /// <summary>Which node of the region replicates.</summary>
    public static readonly RedisKey Replicator = "chaos:replicator";

    /// <summary>Sessions that went on in two regions at once, oldest first, as their live messages.</summary>
    public static readonly RedisKey Forks = "chaos:forks";

    /// <summary>Which node wrote the region's entry about a generation that was not kept.</summary>
    public static RedisKey ForkTold(string ended) => $"chaos:forks:{ended}";

    public static RedisKey Idempotency(string user, string channel, string mid) => Idempotency(channel, MidHash(user, channel, mid));

    public static RedisKey Idempotency(string channel, string midHash) => $"chaos:{{{channel}}}:mid:{midHash}";

    /// <summary>Of (user, channel, mid). Hashed with lengths, so that no two triples meet whatever characters they hold.</summary>
    public static string MidHash(string user, string channel, string mid)
    {
        var triple = $"{user.Length}:{user}{channel.Length}:{channel}{mid}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(triple)).AsSpan(0, 16));
    }
}
