using System.Collections.Concurrent;
using Chaos.Gateway.Sessions;

namespace Chaos.Gateway.Channels;

/// <summary>Temporary limits that operators put on hot channels.</summary>
internal interface IChannelLimits
{
    /// <summary>Limits what this node takes for a channel until a moment; one limit of a channel replaces another, and one that is over lifts it.</summary>
    void Set(ChannelLimit limit);

    /// <summary>Whether one more publish may be taken now.</summary>
    bool TryTake(string channel);
}

/// <summary>A temporary limit.</summary>
/// <param name="Channel">The hot channel.</param>
/// <param name="PerSecond">Publishes a second that each node takes, 1 to 1,000,000; as many may come at once.</param>
/// <param name="Until">End of the limit.</param>
internal sealed record ChannelLimit(string Channel, int PerSecond, DateTimeOffset Until);

/// <summary>Token buckets by channel. A limit ends by itself: nobody has to remember to take it back.</summary>
internal sealed class ChannelLimits(TimeProvider time) : IChannelLimits
{
    private readonly ConcurrentDictionary<string, Limited> _limited = new(StringComparer.Ordinal);
    private readonly long _started = time.GetTimestamp();

    public void Set(ChannelLimit limit)
    {
        if (limit.Until <= time.GetUtcNow()) _limited.TryRemove(limit.Channel, out _);
        // The same limit again, from a comparison with what Redis holds, does not refill the bucket.
        else _limited.AddOrUpdate(limit.Channel, static (_, l) => new Limited(l), static (_, known, l) => known.Limit == l ? known : new Limited(l), limit);
    }

    public bool TryTake(string channel)
    {
        if (_limited.IsEmpty || !_limited.TryGetValue(channel, out var limited)) return true;
        if (limited.Limit.Until <= time.GetUtcNow())
        {
            _limited.TryRemove(KeyValuePair.Create(channel, limited));
            return true;
        }
        lock (limited) return limited.Bucket.TryTake(time.GetElapsedTime(_started));
    }

    private sealed class Limited(ChannelLimit limit)
    {
        public ChannelLimit Limit { get; } = limit;

        public TokenBucket Bucket { get; } = new(limit.PerSecond, limit.PerSecond);
    }
}
