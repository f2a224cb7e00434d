using System.Text.Json;
using System.Text.Json.Nodes;
using Chaos.Experiments.Engine.Worlds;
using static Chaos.Experiments.Files.Schema.SchemaParts;

namespace Chaos.Experiments.Engine.Nodes;

/// <summary>
/// A node's process stands still, as in a long garbage collection or a paused machine: its connections stay open and nothing moves on them.
/// Some time later it gets no more turns, as when a load balancer's health check has failed.
/// </summary>
internal sealed class PauseFault : IStoreFault
{
    private const double NoticedAfterMs = 1_000;

    public string Type => "pause";

    public string Summary => "The process of a node, or of a store, stands still; its connections stay open.";

    public JsonObject AttributesSchema(JsonObject gatewaySettings) => Object("When others notice that it stands still.", [],
        ("noticed_after", Number("Milliseconds after which the node gets no new connections, as by a load balancer's health check; 0 to 600,000.", 0, 600_000, NoticedAfterMs)));

    public async Task BeginAsync(NodeInFault node, JsonObject attributes, CancellationToken cancel)
    {
        await node.HoldAsync("paused", ProcessHold.StopAsync, cancel).ConfigureAwait(false);
        await node.DelayAsync(TimeSpan.FromMilliseconds(attributes["noticed_after"]?.Deserialize<double>() ?? NoticedAfterMs), cancel).ConfigureAwait(false);
        await node.RouteAsync(0, cancel).ConfigureAwait(false);
    }

    public async Task EndAsync(NodeInFault node, JsonObject attributes, CancellationToken cancel)
    {
        await node.LetGoAsync().ConfigureAwait(false);
        await node.RouteAsync(GatewayPool.FullWeight, cancel).ConfigureAwait(false);
    }

    public Task BeginAsync(StoreInFault store, JsonObject attributes, CancellationToken cancel) => store.PauseAsync(cancel);

    public Task EndAsync(StoreInFault store, JsonObject attributes, CancellationToken cancel) => store.ResumeAsync(cancel);
}
