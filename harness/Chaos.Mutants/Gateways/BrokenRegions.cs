using Chaos.Gateway.Auth;
using Chaos.Gateway.Replication;
using Chaos.Gateway.Resume;
using Chaos.Gateway.Settings;
using Chaos.Gateway.Stores;
using Chaos.Gateway.Streams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using StreamPosition = Chaos.Gateway.Streams.StreamPosition;

namespace Chaos.Mutants.Gateways;

/// <summary>Gateways that get it wrong that there are other regions.</summary>
internal static class BrokenRegions
{
    internal static IReadOnlyList<GatewayMutant> All { get; } =
    [
        new("gateway.asks-other-regions", "Waits for every other region's store before it acknowledges a publish.",
            services => services.AddSingleton<RedisStreamStore>().AddSingleton<IStreamStore, AsksOthers>()),
        new("gateway.store-abroad", "Keeps what belongs to the region us in the store of another.",
            services => services.AddSingleton(p => Abroad(p.GetRequiredService<GatewaySettings>(), p.GetRequiredService<ILoggerFactory>()))
                .AddSingleton<RedisReplicas>().AddSingleton(p => FromAbroad(p.GetRequiredService<GatewaySettings>(), p.GetRequiredService<RedisReplicas>()))),
        Replicating("gateway.replication-forgets", "Takes what could not be sent to another region for sent.", replica => new Forgets(replica)),
        Replicating("gateway.replication-doubles", "Sends what another region may have already as something new.", replica => new Doubles(replica)),
        Replicating("gateway.replication-reorders", "Catches up with the newest first.", replica => new Reorders(replica)),
        new("gateway.moved-is-recovered", "Tells clients from another region that they missed nothing.",
            services => services.Wrap<IRecoveryMerge, RecoveryMerge>(reference => new MissedNothing(reference))),
        new("gateway.resume-here-only", "Knows no session that began in another region.",
            services => services.AddSingleton<RedisResumeStore>().AddSingleton<IResumeStore, HereOnly>()),
        new("gateway.session-fork-unnoticed", "Lets a session that was resumed in two regions go on in both, and tells nobody.",
            services => services.Replace(ServiceDescriptor.Singleton<ISessionForks, Unnoticed>())),
    ];

    private static GatewayMutant Replicating(string name, string summary, Func<IReplica, IReplica> wrap) =>
        new(name, summary, services => services.Wrap<IReplicas, RedisReplicas>(reference => new Replicas(reference, wrap)));

    /// <summary>Its own store was opened before; the last registration is the one that is asked for.</summary>
    private static RedisConnection Abroad(GatewaySettings settings, ILoggerFactory logs)
    {
        var address = settings.Region == "us" ? settings.Replication.Peers.Values.First() : settings.Redis!;
        return RedisConnection.OpenAsync(Endpoints.Parse(address), settings, logs).GetAwaiter().GetResult();
    }

    /// <summary>What us keeps there is there: it would replicate a store into itself, which is another defect.</summary>
    private static IReplicas FromAbroad(GatewaySettings settings, RedisReplicas reference) =>
        settings.Region == "us" ? new Replicas(reference, replica => new IsThereAlready(replica)) : reference;

    private sealed class AsksOthers(RedisStreamStore reference, GatewaySettings settings, ILoggerFactory logs) : IStreamStore
    {
        private readonly Lazy<Task<RedisConnection[]>> _others = new(() =>
            Task.WhenAll(settings.Replication.Peers.Values.Select(address => RedisConnection.OpenAsync(Endpoints.Parse(address), settings, logs))));

        public async ValueTask<PublishResult> PublishAsync(PublishRequest request, CancellationToken cancel)
        {
            try
            {
                await Task.WhenAll((await _others.Value).Select(other => other.Database.PingAsync())).WaitAsync(cancel);
            }
            catch (Exception e) when (e is StackExchange.Redis.RedisException or TimeoutException)
            {
                throw new Gateway.Dependencies.DependencyUnavailableException(Gateway.Dependencies.Dependency.Redis, "failed", e);
            }

            return await reference.PublishAsync(request, cancel);
        }

        public ValueTask<StreamRead> ReadAsync(string channel, long? since, int limit, CancellationToken cancel) => reference.ReadAsync(channel, since, limit, cancel);

        public ValueTask<IReadOnlyList<StreamPosition?>> PositionsAsync(IReadOnlyList<string> channels, CancellationToken cancel) => reference.PositionsAsync(channels, cancel);
    }

    private sealed class Replicas(IReplicas reference, Func<IReplica, IReplica> wrap) : IReplicas
    {
        public async Task<IReplica> OpenAsync(string region) => wrap(await reference.OpenAsync(region));
    }

    private sealed class IsThereAlready(IReplica reference) : IReplica
    {
        public ValueTask TakeAsync(IReadOnlyList<OutboxLine> lines, CancellationToken cancel) => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => reference.DisposeAsync();
    }

    private sealed class Forgets(IReplica reference) : IReplica
    {
        public async ValueTask TakeAsync(IReadOnlyList<OutboxLine> lines, CancellationToken cancel)
        {
            try
            {
                await reference.TakeAsync(lines, cancel);
            }
            catch (ReplicaUnavailableException)
            {
                // "It will get there."
            }
        }

        public ValueTask DisposeAsync() => reference.DisposeAsync();
    }

    private sealed class Doubles(IReplica reference) : IReplica
    {
        public ValueTask TakeAsync(IReadOnlyList<OutboxLine> lines, CancellationToken cancel) => reference.TakeAsync([.. lines.Select(AsNew)], cancel);

        public ValueTask DisposeAsync() => reference.DisposeAsync();

        private static OutboxLine AsNew(OutboxLine line) =>
            line is OutboxLine.Published p ? p with { From = new Origin($"{p.From.Stream}~{Guid.NewGuid():N}", 1), MidHash = Guid.NewGuid().ToString("N") } : line;
    }

    private sealed class Reorders(IReplica reference) : IReplica
    {
        public ValueTask TakeAsync(IReadOnlyList<OutboxLine> lines, CancellationToken cancel)
        {
            var published = lines.OfType<OutboxLine.Published>().GroupBy(p => (p.Channel, p.From.Stream))
                .SelectMany(g => g.Reverse().Zip(g.Select(p => p.From), (p, from) => (OutboxLine)(p with { From = from })));
            return reference.TakeAsync([.. published, .. lines.Where(l => l is not OutboxLine.Published)], cancel);
        }

        public ValueTask DisposeAsync() => reference.DisposeAsync();
    }

    private sealed class MissedNothing(IRecoveryMerge reference) : IRecoveryMerge
    {
        public RecoveryResult Merge(StreamPosition? since, StreamRead read, IReadOnlyList<LivePublication> live)
        {
            var result = reference.Merge(since, read, live);
            return since is { Seen: not null } && since.Epoch != read.Epoch && result.Gapless ? result with { Recovered = true, Publications = [] } : result;
        }
    }

    private sealed class Unnoticed : ISessionForks
    {
        public bool HasEnded(SessionLease lease) => false;

        public void Handle(LiveMessage message)
        {
            // "Sessions are somebody else's."
        }

        public ValueTask CompareAsync(CancellationToken cancel) => ValueTask.CompletedTask;
    }

    private sealed class HereOnly(RedisResumeStore reference, IResumeTokenCodec codec, GatewaySettings settings) : IResumeStore
    {
        public ValueTask<ResumeOutcome> BeginAsync(string? token, Identity who, CancellationToken cancel) =>
            reference.BeginAsync(token is not null && codec.Read(token)?.Region == settings.Region ? token : null, who, cancel);

        public ValueTask SaveAsync(IReadOnlyList<(SessionLease Lease, SessionState State)> sessions, CancellationToken cancel) => reference.SaveAsync(sessions, cancel);
    }
}
