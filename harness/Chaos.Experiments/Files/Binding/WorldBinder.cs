using Chaos.Experiments.Definitions;
using Chaos.Experiments.Files.Rules;

namespace Chaos.Experiments.Files.Binding;

/// <summary>A checked world file → its definition.</summary>
internal static class WorldBinder
{
    public static WorldDefinition Bind(Cursor root) => new(root["name"].Text!, [.. root["regions"].Items.Select(Region)])
    {
        RoundTrips = [.. root["rtt"].Items.Select(r => new RoundTripDefinition([.. r["between"].Items.Select(b => b.Text!)], r["ms"].Number!.Value))],
    };

    private static RegionDefinition Region(Cursor region) => new(region["name"].Text!, region["gateway"].Exists ? 0 : region["gateways"].Whole ?? 1,
        region["store"].Exists ? new StoreDefinition(region["store"]["kind"].Text!, region["store"]["address"].Text, region["store"]["program"].Text, region["store"]["image"].Text) : new StoreDefinition("embedded"),
        region["gateway"].Exists ? ExternalGatewayBinder.Bind(region["gateway"]) : null)
    {
        Upstream = region["upstream"].Exists ? new UpstreamDefinition(region["upstream"]["kind"].Text!, region["upstream"]["address"].Text) : null,
    };
}
