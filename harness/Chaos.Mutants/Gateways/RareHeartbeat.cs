namespace Chaos.Mutants.Gateways;

/// <summary>Somebody saved bandwidth on heartbeats: no client, of any make, can notice a dead link in time.</summary>
internal static class RareHeartbeat
{
    private const int TenMinutesMs = 600_000;

    internal static GatewayMutant Mutant { get; } = new("gateway.rare-heartbeat", "Announces and sends its pings every ten minutes, whatever it was told.",
        services => services.ChangeSettings(s => s with { PingIntervalMs = TenMinutesMs }));
}
