namespace Chaos.Mutants.Gateways;

/// <summary>The broken gateways.</summary>
internal static class GatewayMutants
{
    internal static IReadOnlyList<GatewayMutant> All { get; } =
    [
        SilentDrop.Mutant,
        UnboundedQueue.Mutant,
        AuthFailsOpen.Mutant,
        SubscribeBeforeAuth.Mutant,
        NoExpiry.Mutant,
        ResumeStolen.Mutant,
        PartialRecovery.Mutant,
        .. NoBreaker.All,
        BudgetIgnoresRetries.Mutant,
        SlowRedisSerial.Mutant,
        RareHeartbeat.Mutant,
        HeartbeatByWallClock.Mutant,
        SendsByTimer.Mutant,
        .. ForgottenSettings.All,
        .. BrokenIdempotency.All,
        .. BrokenResume.All,
        .. BrokenAuthorization.All,
        .. BrokenAudit.All,
        .. BrokenMetrics.All,
        .. BrokenChannelLimits.All,
        .. BrokenDrain.All,
        .. BrokenRegions.All,
        .. BrokenUpstream.All,
    ];
}
