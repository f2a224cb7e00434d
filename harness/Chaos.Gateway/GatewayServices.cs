using Chaos.Gateway.Admin;
using Chaos.Gateway.Auth;
using Chaos.Gateway.Channels;
using Chaos.Gateway.Dependencies;
using Chaos.Gateway.Replication;
using Chaos.Gateway.Resume;
using Chaos.Gateway.Sessions;
using Chaos.Gateway.Settings;
using Chaos.Gateway.Sockets;
using Chaos.Gateway.Stores;
using Chaos.Gateway.Streams;
using Chaos.Gateway.Telemetry;
using Chaos.Gateway.Upstream;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;

namespace Chaos.Gateway;

/// <summary>The parts of a node. Everything behind an interface can be replaced by who starts it.</summary>
internal static class GatewayServices
{
    public static void Add(IServiceCollection services, GatewaySettings settings, RedisConnection redis, TimeProvider time)
    {
        var meter = GatewayMeterName.New();
        services.AddSingleton(settings);
        services.AddSingleton(time);
        services.AddSingleton(meter);
        services.AddSingleton<GatewayMetrics>();
        services.AddSingleton(redis);

        services.AddSingleton<DependencyMetrics>();
        services.AddSingleton<IDependencyPipelineFactory, DependencyPipelineFactory>();
        services.AddSingleton<RedisGate>();
        services.AddSingleton<IStreamStore, RedisStreamStore>();

        services.AddSingleton<ITokenVerifier, TokenVerifier>();
        services.AddSingleton<ITokenExpiry, TokenExpiry>();
        services.AddSingleton<IPreAuthPolicy, PreAuthPolicy>();
        services.AddSingleton<IRevocations, Revocations>();
        services.AddSingleton<IChannelAuthorizer, RuleAuthorizer>();
        if (settings.Upstream is not null) services.AddSingleton<IUpstreamAuthorization, HttpAuthorization>();
        services.AddSingleton<PayloadSchemas>();
        services.AddSingleton<IChannelLimits, ChannelLimits>();

        services.AddSingleton<IRecoveryMerge, RecoveryMerge>();
        services.AddSingleton<Hub>();
        services.AddSingleton<LiveFeed>();
        services.AddHostedService(p => p.GetRequiredService<LiveFeed>());
        services.AddSingleton<ILiveListener, ControlListener>();

        if (settings.Replication.Peers.Count > 0) AddReplication(services);

        services.AddSingleton<IResumeTokenCodec, ResumeTokenCodec>();
        services.AddSingleton<IResumeBinding, ResumeBinding>();
        services.AddSingleton<IResumeStore, RedisResumeStore>();
        services.AddSingleton<ISessionForks, SessionForks>();
        services.AddSingleton<ILiveListener>(p => p.GetRequiredService<ISessionForks>());
        services.AddSingleton<SessionRegistry>();
        services.AddSingleton<SessionSaver>();
        services.AddHostedService(p => p.GetRequiredService<SessionSaver>());
        services.AddSingleton<ISendQueueFactory, SendQueueFactory>();
        services.AddSingleton<SessionServices>();

        services.AddSingleton<IAuditLog, AuditLog>();
        services.AddSingleton<HandshakeGuard>();
        services.AddSingleton<IDrain, Drain>();
        services.AddSingleton<WebSocketEndpoint>();
        services.AddSingleton<AdminApi>();

        services.AddOpenTelemetry().WithMetrics(m => m
            .AddMeter(meter.Value)
            .AddView(GatewayMetrics.RoundTripName, new ExplicitBucketHistogramConfiguration { Boundaries = GatewayMetrics.RoundTripBounds })
            .AddView(ReplicationMetrics.DelayName, new ExplicitBucketHistogramConfiguration { Boundaries = GatewayMetrics.RoundTripBounds })
            .AddView("chaos_dependency_duration_seconds", new ExplicitBucketHistogramConfiguration
            {
                Boundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
            })
            // Whoever reads asks seldom and wants what is true now.
            .AddPrometheusExporter(o => o.ScrapeResponseCacheDurationMilliseconds = 0));
    }

    private static void AddReplication(IServiceCollection services)
    {
        services.AddSingleton<ReplicationMetrics>();
        services.AddSingleton<Outbox>();
        services.AddSingleton<IReplicas, RedisReplicas>();
        services.AddSingleton<Replicator>();
        services.AddHostedService(p => p.GetRequiredService<Replicator>());
        services.AddSingleton<ILiveListener>(p => p.GetRequiredService<Replicator>());
    }
}
