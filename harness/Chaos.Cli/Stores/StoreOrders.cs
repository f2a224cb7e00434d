using System.Text.Json.Nodes;
using Chaos.Cli.Hosting;

namespace Chaos.Cli.Stores;

/// <summary>What the engine may ask of a store: <c>pause</c>, <c>resume</c>, <c>end</c> and <c>start</c>, the last of which is answered with its address.</summary>
internal static class StoreOrders
{
    /// <param name="started">The store, once it runs.</param>
    public static Orders Of(Task<IStorePart> started) => new(new Dictionary<string, Func<JsonObject, Task<JsonObject>>>
    {
        ["pause"] = _ => DoAsync(started, store => store.PauseAsync()),
        ["resume"] = _ => DoAsync(started, store => store.ResumeAsync()),
        ["end"] = order => DoAsync(started, store => store.EndAsync((bool)order["at_once"]!)),
        ["start"] = _ => DoAsync(started, store => store.StartAgainAsync()),
    });

    private static async Task<JsonObject> DoAsync(Task<IStorePart> started, Func<IServerPart, Task> what)
    {
        if (await started.ConfigureAwait(false) is not IServerPart store) throw new NotSupportedException("the embedded store is no server of its own");
        await what(store).ConfigureAwait(false);
        return new JsonObject { ["address"] = store.Address.ToString() };
    }
}
