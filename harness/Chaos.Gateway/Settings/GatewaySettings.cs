using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;

namespace Chaos.Gateway.Settings;

/// <summary>
/// Everything one gateway node can be told. Bound from a JSON file with snake_case names; each member's description, range and
/// default are in <see cref="Schema"/>, from which editors complete.
/// </summary>
public sealed record GatewaySettings
{
    [Description("Name of this node, in connect replies, metrics and the audit log.")]
    public string Node { get; init; } = "gateway-1";

    [Description("Name of the region this node is in, such as eu; needed where there are several.")]
    public string? Region { get; init; }

    [Description("Address to listen on, host:port; port 0 takes a free one.")]
    public string Listen { get; init; } = "127.0.0.1:8000";

    [Description("host:port of Redis 7 or newer; without it the node starts an embedded store of its own.")]
    public string? Redis { get; init; }

    [Description("What every name of this system in Redis begins with: letters, digits and .:_-, 1 to 64 of them. All nodes and regions of one system have the same; systems that share a Redis do not.")]
    public string KeyPrefix { get; init; } = "chaos";

    [Description("Time between two pings to a client, in milliseconds. Announced to clients in whole seconds, rounded up.")]
    [Range(100, 600_000)]
    public int PingIntervalMs { get; init; } = 25_000;

    [Description("Longest wait for the pong to a ping, in milliseconds; then close 3012.")]
    [Range(50, 600_000)]
    public int PongTimeoutMs { get; init; } = 8_000;

    [Description("How long a connection or subscription outlives its token, beyond what clocks may differ by (jwt.clock_skew_ms), so that a client can refresh, in milliseconds; then close 3005 or unsubscribe 2501.")]
    [Range(0, 600_000)]
    public int TokenExpiryGraceMs { get; init; } = 2_000;

    [Description("Bearer token of the admin API; without it the admin API refuses every call.")]
    public string? AdminToken { get; init; }

    [Description("File of the audit log (JSON lines, appended); without it a new file in the temporary directory.")]
    public string? AuditFile { get; init; }

    [Description("Origins that browsers may connect from, such as https://app.example; '*' allows all. A request without Origin, or from the gateway's own origin, is always allowed.")]
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    [Description("Over how long live connections are closed on /admin/drain, in milliseconds, so that their clients do not return all at once.")]
    [Range(0, 600_000)]
    public int DrainWindowMs { get; init; } = 10_000;

    [Description("Seed of the jitter of retries towards Redis and the upstream service.")]
    public long Seed { get; init; } = 1;

    [Description("Verification of JSON Web Tokens.")]
    public JwtSettings Jwt { get; init; } = new();

    [Description("Limits of connections, frames, messages and queues.")]
    public LimitSettings Limits { get; init; } = new();

    [Description("Streams of channels in Redis.")]
    public HistorySettings History { get; init; } = new();

    [Description("How Redis is called: timeouts, retries and their budget, circuit breaker, concurrency.")]
    public DependencySettings Dependency { get; init; } = new();

    [Description("The HTTP service that authorizes channels whose rule says ask; none by default.")]
    public UpstreamSettings? Upstream { get; init; }

    [Description("Session resume tokens.")]
    public ResumeSettings Resume { get; init; } = new();

    [Description("Replication of what is published here to other regions.")]
    public ReplicationSettings Replication { get; init; } = new();

    [Description("Who may do what on which channel; the first rule whose pattern matches decides, without a match the answer is error 103.")]
    public IReadOnlyList<ChannelRule> Channels { get; init; } = ChannelRule.Defaults;

    [Description("JSON Schemas of published data; every one whose pattern matches must hold, else error 107.")]
    public IReadOnlyList<PayloadSchema> Schemas { get; init; } = [];

    /// <summary>JSON Schema (draft 2020-12) of these settings, with descriptions, ranges and defaults.</summary>
    public static JsonObject Schema => SettingsSchema.Create();

    /// <summary>Reads settings from a JSON file.</summary>
    /// <exception cref="SettingsException">The file is unreadable or a value is wrong; the message names every error.</exception>
    public static GatewaySettings Load(string path) => SettingsFile.Load(path);

    /// <summary>Reads settings from JSON text.</summary>
    /// <exception cref="SettingsException">The text is not JSON of the right shape.</exception>
    public static GatewaySettings Parse(string json) => SettingsFile.Parse(json);
}

/// <summary>The settings cannot be used.</summary>
public sealed class SettingsException(string message, Exception? inner = null) : Exception(message, inner);
