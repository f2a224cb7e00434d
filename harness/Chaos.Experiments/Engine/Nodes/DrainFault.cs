using System.Text.Json.Nodes;
using static Chaos.Experiments.Files.Schema.SchemaParts;

namespace Chaos.Experiments.Engine.Nodes;

/// <summary>A node is taken out in order, as for maintenance: it gets no more turns, is drained and stopped, and starts again at the end.</summary>
internal sealed class DrainFault : INodeFault
{
    public string Type => "drain";

    public string Summary => "The node is taken out in order: it sends its sessions away over its drain window, and starts again at the end.";

    public JsonObject AttributesSchema(JsonObject gatewaySettings) => Object("None.", []);

    public async Task BeginAsync(NodeInFault node, JsonObject attributes, CancellationToken cancel)
    {
        await node.RouteAsync(0, cancel).ConfigureAwait(false);
        await node.DrainAsync(node.Process, cancel).ConfigureAwait(false);
    }

    public Task EndAsync(NodeInFault node, JsonObject attributes, CancellationToken cancel) => node.PutBackAsync(cancel);
}
