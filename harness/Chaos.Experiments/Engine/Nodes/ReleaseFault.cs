using System.Text.Json;
using System.Text.Json.Nodes;
using Chaos.Experiments.Engine.Worlds;
using static Chaos.Experiments.Files.Schema.SchemaParts;

namespace Chaos.Experiments.Engine.Nodes;

/// <summary>
/// A node gets a new release, and is rolled back at the end. Each time the new process starts first and takes the node's turns; then the
/// old one is drained: it sends its sessions away over its drain window, and is stopped when they have left.
/// </summary>
internal sealed class ReleaseFault : INodeFault
{
    public string Type => "release";

    public string Summary => "A new release takes the place of the node's process, which is drained; at the end it is rolled back in the same way.";

    public JsonObject AttributesSchema(JsonObject gatewaySettings) => Object("What the release is, and its share of new connections.", [],
        ("settings", Settings(gatewaySettings)),
        ("weight", Whole($"Turns of new connections that the release takes, where a node of the old one takes {GatewayPool.FullWeight}; 0 to 1,000.", 0, 1000, GatewayPool.FullWeight)));

    public async Task BeginAsync(NodeInFault node, JsonObject attributes, CancellationToken cancel)
    {
        var weight = (int)(attributes["weight"]?.Deserialize<double>() ?? GatewayPool.FullWeight);
        await ReplaceAsync(node, $"{node.Name}-{node.Fault}", attributes["settings"] as JsonObject, weight, cancel).ConfigureAwait(false);
    }

    public Task EndAsync(NodeInFault node, JsonObject attributes, CancellationToken cancel) => ReplaceAsync(node, node.Name, null, GatewayPool.FullWeight, cancel);

    private static async Task ReplaceAsync(NodeInFault node, string name, JsonObject? settings, int weight, CancellationToken cancel)
    {
        var old = node.Process;
        await node.PutAsync(name, settings, weight, cancel).ConfigureAwait(false);
        await node.DrainAsync(old, cancel).ConfigureAwait(false);
    }

    private static JsonObject Settings(JsonObject gateway)
    {
        var settings = Embed(gateway, "#/properties/settings");
        settings["description"] = "Settings of the gateway that the release changes.";
        return settings;
    }
}
