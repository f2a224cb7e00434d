using Chaos.Gateway.Channels;
using Microsoft.Extensions.Caching.Memory;

namespace Chaos.Gateway.Upstream;

/// <summary>What was allowed a short while ago. Bounded: when it is full, what comes is not remembered until room is made.</summary>
internal sealed class AllowedBefore(TimeSpan ttl, int entries, TimeProvider time) : IDisposable
{
    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = entries });

    public bool Contains(ChannelRequest request) => _cache.TryGetValue(Key(request), out DateTimeOffset until) && time.GetUtcNow() < until;

    public void Add(ChannelRequest request)
    {
        // The node's clock decides; the cache's own only clears away.
        if (ttl > TimeSpan.Zero)
            _cache.Set(Key(request), time.GetUtcNow() + ttl, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = ttl });
    }

    public void Dispose() => _cache.Dispose();

    private static (string Tenant, string User, string Channel, ChannelAction Action) Key(ChannelRequest request) =>
        (request.Who.Tenant, request.Who.User, request.Channel, request.Action);
}
