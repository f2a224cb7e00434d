using Chaos.Gateway.Stores;
using Chaos.Gateway.Streams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Chaos.Mutants.Gateways;

/// <summary>One lock around the call to Redis: it costs nothing while Redis is near, and everything when each call takes a while.</summary>
internal static class SlowRedisSerial
{
    internal static GatewayMutant Mutant { get; } = new("gateway.slow-redis-serial", "Publishes one after the other: each waits for the Redis round trip of the one before.",
        services => services.Replace(ServiceDescriptor.Singleton<IStreamStore, Serial>(p => new Serial(ActivatorUtilities.CreateInstance<RedisStreamStore>(p)))));

    private sealed class Serial(RedisStreamStore store) : IStreamStore, IDisposable
    {
        private readonly SemaphoreSlim _one = new(1);

        public void Dispose() => _one.Dispose();

        public async ValueTask<PublishResult> PublishAsync(PublishRequest request, CancellationToken cancel)
        {
            await _one.WaitAsync(cancel);
            try
            {
                return await store.PublishAsync(request, cancel);
            }
            finally
            {
                _one.Release();
            }
        }

        public ValueTask<StreamRead> ReadAsync(string channel, long? since, int limit, CancellationToken cancel) => store.ReadAsync(channel, since, limit, cancel);

        public ValueTask<IReadOnlyList<StreamPosition?>> PositionsAsync(IReadOnlyList<string> channels, CancellationToken cancel) => store.PositionsAsync(channels, cancel);
    }
}
