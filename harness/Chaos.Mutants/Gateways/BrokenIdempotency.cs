using System.Collections.Concurrent;
using Chaos.Gateway.Stores;
using Chaos.Gateway.Streams;

namespace Chaos.Mutants.Gateways;

/// <summary>Gateways that get the key of a publish wrong: it counts for nothing, or for too much.</summary>
internal static class BrokenIdempotency
{
    internal static IReadOnlyList<GatewayMutant> All { get; } =
    [
        Keyed("gateway.no-dedup", "Publishes again what a client sends again.", r => r with { Mid = Guid.NewGuid().ToString() }),
        Keyed("gateway.dedup-across-users", "Takes one user's message for the repetition of another's.", r => r with { User = "anybody" }),
        Keyed("gateway.dedup-in-memory", "Forgets the keys of publishes when its process ends.", r => r with { Mid = Process + r.Mid }),
        Wrapped("gateway.dedup-across-channels", "Takes a message for the repetition of one on another channel.", reference => new AcrossChannels(reference)),
        Wrapped("gateway.dedup-any-body", "Acknowledges a message that reuses a key with another body, and drops it.", reference => new AnyBody(reference)),
    ];

    private static readonly string Process = Guid.NewGuid().ToString("N");

    private static GatewayMutant Keyed(string name, string summary, Func<PublishRequest, PublishRequest> key) => Wrapped(name, summary, reference => new Rekeyed(reference, key));

    private static GatewayMutant Wrapped(string name, string summary, Func<IStreamStore, IStreamStore> wrap) =>
        new(name, summary, services => services.Wrap<IStreamStore, RedisStreamStore>(wrap));

    private class Wrapper(IStreamStore reference) : IStreamStore
    {
        public virtual ValueTask<PublishResult> PublishAsync(PublishRequest request, CancellationToken cancel) => reference.PublishAsync(request, cancel);

        public ValueTask<StreamRead> ReadAsync(string channel, long? since, int limit, CancellationToken cancel) => reference.ReadAsync(channel, since, limit, cancel);

        public ValueTask<IReadOnlyList<StreamPosition?>> PositionsAsync(IReadOnlyList<string> channels, CancellationToken cancel) => reference.PositionsAsync(channels, cancel);
    }

    private sealed class Rekeyed(IStreamStore reference, Func<PublishRequest, PublishRequest> key) : Wrapper(reference)
    {
        public override ValueTask<PublishResult> PublishAsync(PublishRequest request, CancellationToken cancel) => base.PublishAsync(key(request), cancel);
    }

    private sealed class AcrossChannels(IStreamStore reference) : Wrapper(reference)
    {
        private readonly ConcurrentDictionary<(string User, string Mid), string> _first = new();

        public override async ValueTask<PublishResult> PublishAsync(PublishRequest request, CancellationToken cancel)
        {
            var channel = _first.GetOrAdd((request.User, request.Mid), request.Channel);
            if (channel == request.Channel) return await base.PublishAsync(request, cancel);
            return new PublishResult(PublishOutcome.Repeated, new StreamPosition("", 0));
        }
    }

    private sealed class AnyBody(IStreamStore reference) : Wrapper(reference)
    {
        public override async ValueTask<PublishResult> PublishAsync(PublishRequest request, CancellationToken cancel)
        {
            var result = await base.PublishAsync(request, cancel);
            return result.Outcome == PublishOutcome.Conflict ? result with { Outcome = PublishOutcome.Repeated } : result;
        }
    }
}
