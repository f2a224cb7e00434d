using System.Globalization;
using System.Text.Json.Nodes;
using Chaos.Experiments.Definitions;
using Chaos.Load.Plain;

namespace Chaos.Experiments.Checks.Evidence;

/// <summary>How often a connection is pinged: by the gateway, as it tells its clients, or by clients that know no more than WebSocket.</summary>
internal static class GatewayPing
{
    /// <summary>The gateway's own default, in milliseconds.</summary>
    public const double DefaultMs = 25_000;

    /// <summary>The interval in milliseconds. A gateway announces what the experiment sets, or the default, in whole seconds, rounded up.</summary>
    public static double AnnouncedMs(ExperimentDefinition definition)
    {
        if (definition.Fleet.Client == PlainFleet.Name) return definition.Fleet.Policy.PingIntervalMs;
        var ms = definition.Gateway["ping_interval_ms"] is JsonValue value
            ? double.Parse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture)
            : DefaultMs;
        return Math.Ceiling(ms / 1000) * 1000;
    }
}
