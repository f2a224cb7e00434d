using Chaos.Gateway.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Chaos.Mutants.Gateways;

/// <summary>Somebody saved bandwidth on heartbeats: no client, of any make, can notice a dead link in time.</summary>
internal static class RareHeartbeat
{
    private const int TenMinutesMs = 600_000;

    internal static GatewayMutant Mutant { get; } = new("gateway.rare-heartbeat", "Announces and sends its pings every ten minutes, whatever it was told.",
        services =>
        {
            var settings = (GatewaySettings)services.Last(s => s.ServiceType == typeof(GatewaySettings)).ImplementationInstance!;
            services.Replace(ServiceDescriptor.Singleton(settings with { PingIntervalMs = TenMinutesMs }));
        });
}
