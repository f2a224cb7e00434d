using System.Globalization;
using System.Text.Json.Nodes;
using Chaos.Experiments.Definitions;

namespace Chaos.Experiments.Checks.Evidence;

/// <summary>How often the gateway pings, as it tells its clients: in whole seconds, rounded up.</summary>
internal static class GatewayPing
{
    /// <summary>The gateway's own default, in milliseconds.</summary>
    public const double DefaultMs = 25_000;

    /// <summary>The announced interval in milliseconds: what the experiment sets, or the default.</summary>
    public static double AnnouncedMs(ExperimentDefinition definition)
    {
        var ms = definition.Gateway["ping_interval_ms"] is JsonValue value
            ? double.Parse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture)
            : DefaultMs;
        return Math.Ceiling(ms / 1000) * 1000;
    }
}
