using System.Text.Json.Nodes;
using Chaos.Experiments.Engine.Worlds;

namespace Chaos.Experiments.Engine.Nodes;

/// <summary>A node is taken out in order, as for maintenance: it gets no more turns, is drained and stopped, and starts again at the end.</summary>
internal sealed class DrainFault : INodeFault
{
    public string Type => "drain";

    public string Summary => "The node is taken out in order: it sends its sessions away over its drain window, and starts again at the end.";

    public JsonObject AttributesSchema(JsonObject gatewaySettings) => new() { ["type"] = "object", ["additionalProperties"] = false, ["properties"] = new JsonObject() };

    public async Task BeginAsync(NodeInFault node, JsonObject attributes, CancellationToken cancel)
    {
        await node.RouteAsync(node.Process, 0, cancel).ConfigureAwait(false);
        await node.DrainAsync(node.Process, cancel).ConfigureAwait(false);
    }

    public async Task EndAsync(NodeInFault node, JsonObject attributes, CancellationToken cancel)
    {
        var next = await node.StartAsync(node.Name, null, cancel).ConfigureAwait(false);
        await node.RouteAsync(next, GatewayPool.FullWeight, cancel).ConfigureAwait(false);
    }
}
