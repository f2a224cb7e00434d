using Chaos.Gateway.Settings;

namespace Chaos.Mutants.Gateways;

/// <summary>Gateways that can be told a limit and do not apply it: what the operator set stands in the file and nowhere else.</summary>
internal static class ForgottenSettings
{
    internal static IReadOnlyList<GatewayMutant> All { get; } =
    [
        Limit("gateway.messages-of-any-size", "Does not look at the size of a message.", l => l with { MaxMessageBytes = 16_777_216, MaxFrameBytes = 16_777_216 }),
        Limit("gateway.frames-without-end", "Collects the fragments of a message however many there are.", l => l with { MaxFrameBytes = 16_777_216 }),
        Limit("gateway.nesting-of-any-depth", "Takes data that nests as deep as it likes.", l => l with { MaxJsonDepth = 60 }),
        Limit("gateway.no-flood-limit", "Carries out as many commands as a client sends.", l => l with { CommandsPerSecond = 1_000_000 }),
        Limit("gateway.flood-without-end", "Refuses what is too much and never closes the connection that goes on.", l => l with { CommandStrikes = 1_000_000 }),
        Limit("gateway.no-limit-per-user", "Lets one user open any number of connections.", l => l with { MaxConnectionsPerUser = 1_000_000 }),
        Limit("gateway.no-connection-limit", "Takes connections beyond what it may hold.", l => l with { MaxConnections = 1_000_000 }),
        Limit("gateway.no-unauthenticated-limit", "Holds any number of connections that never say who they are.", l => l with { MaxUnauthenticated = 100_000 }),
        Limit("gateway.no-connect-deadline", "Waits for a connect as long as it takes.", l => l with { ConnectTimeoutMs = 600_000 }),
        Setting("gateway.any-origin", "Does not look at where a browser's page comes from.", s => s with { AllowedOrigins = ["*"] }),
        Setting("gateway.no-schemas", "Does not hold data against the schema of its channel.", s => s with { Schemas = [] }),
        Setting("gateway.no-clock-tolerance", "Takes its own clock for the right one: not a millisecond of tolerance when a token begins and ends.", s => s with { Jwt = s.Jwt with { ClockSkewMs = 0 } }),
        Setting("gateway.resume-forever", "Resumes with a token whose life is over.", s => s with { Resume = s.Resume with { TtlS = 86_400 } }),
        Setting("gateway.tenants-share", "Opens what belongs to one tenant to all of them.",
            s => s with { Channels = [.. s.Channels.Select(c => c with { Pattern = c.Pattern.Replace("{tenant}", "*", StringComparison.Ordinal) })] }),
    ];

    private static GatewayMutant Limit(string name, string summary, Func<LimitSettings, LimitSettings> forget) =>
        Setting(name, summary, s => s with { Limits = forget(s.Limits) });

    private static GatewayMutant Setting(string name, string summary, Func<GatewaySettings, GatewaySettings> forget) =>
        new(name, summary, services => services.ChangeSettings(forget));
}
