using System.Text.Json.Nodes;
using static Chaos.Experiments.Files.Schema.SchemaParts;

namespace Chaos.Experiments.Engine.Nodes;

/// <summary>
/// A node's process ends, and starts again at the end, on another port: its own may have been taken by then. While it is away it gets no
/// turns, and where there is no other node new connections are refused.
/// </summary>
internal sealed class RestartFault : IStoreFault
{
    private const string Kill = "kill", Stop = "stop";

    public string Type => "restart";

    public string Summary => "The process of a node, or of a store, ends, is away for the time of the fault, and starts again.";

    public JsonObject AttributesSchema(JsonObject gatewaySettings) => Object("How it ends.", [],
        ("signal", Enum("signal", "kill: at once, as kill -9 does; stop: it may close its connections and save what it has. kill by default.", [Kill, Stop], Kill)));

    public async Task BeginAsync(NodeInFault node, JsonObject attributes, CancellationToken cancel)
    {
        await node.EndAsync(AtOnce(attributes), cancel).ConfigureAwait(false);
        await node.RouteAsync(0, cancel).ConfigureAwait(false);
    }

    public Task EndAsync(NodeInFault node, JsonObject attributes, CancellationToken cancel) => node.PutBackAsync(cancel);

    public Task BeginAsync(StoreInFault store, JsonObject attributes, CancellationToken cancel) => store.EndAsync(AtOnce(attributes), cancel);

    public Task EndAsync(StoreInFault store, JsonObject attributes, CancellationToken cancel) => store.StartAgainAsync(cancel);

    private static bool AtOnce(JsonObject attributes) => attributes["signal"]?.GetValue<string>() != Stop;
}
