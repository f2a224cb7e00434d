using System.Text.Json.Nodes;
using Chaos.Experiments.Engine.Worlds;

namespace Chaos.Experiments.Engine.Nodes;

/// <summary>
/// A node's process ends, and starts again at the end, on another port: its own may have been taken by then. While it is away it gets no
/// turns, and where there is no other node new connections are refused.
/// </summary>
internal sealed class RestartFault : INodeFault
{
    private const string Kill = "kill", Stop = "stop";

    public string Type => "restart";

    public string Summary => "The node's process ends, is away for the time of the fault, and starts again.";

    public JsonObject AttributesSchema(JsonObject gatewaySettings) => new()
    {
        ["type"] = "object", ["additionalProperties"] = false,
        ["properties"] = new JsonObject
        {
            ["signal"] = new JsonObject
            {
                ["type"] = "string", ["enum"] = new JsonArray(Kill, Stop), ["default"] = Kill,
                ["description"] = "kill: at once, as kill -9 does; stop: it may close its connections and save what it has. kill by default.",
            },
        },
    };

    public async Task BeginAsync(NodeInFault node, JsonObject attributes, CancellationToken cancel)
    {
        if (attributes["signal"]?.GetValue<string>() == Stop) await node.StopAsync(cancel).ConfigureAwait(false);
        else await node.KillAsync(cancel).ConfigureAwait(false);
        await node.RouteAsync(node.Process, 0, cancel).ConfigureAwait(false);
    }

    public async Task EndAsync(NodeInFault node, JsonObject attributes, CancellationToken cancel)
    {
        var next = await node.StartAsync(node.Name, null, cancel).ConfigureAwait(false);
        await node.RouteAsync(next, GatewayPool.FullWeight, cancel).ConfigureAwait(false);
    }
}
