using Chaos.Experiments.Definitions;
using Chaos.Journal.Events;
using StackExchange.Redis;

namespace Chaos.Experiments.Engine.Worlds;

/// <summary>
/// Stores that run already. The names of what a world keeps there are its own, so it finds nothing of others, and takes out again what it put in. Of what a
/// killed run leaves, messages and sessions go by themselves within minutes and the positions of streams within a day; a
/// handful of other names stay.
/// </summary>
internal static class ExternalStores
{
    private const int Page = 1_000;

    /// <summary>Deletes what a world has left in each of them.</summary>
    /// <param name="world">The world; its nodes have ended.</param>
    /// <param name="prefix">What the names of all that is its own begin with, letters and digits.</param>
    public static async Task<IReadOnlyList<StoreEmptied>> EmptyAsync(WorldDefinition world, string prefix)
    {
        var emptied = new List<StoreEmptied>();
        foreach (var region in world.Regions.Where(r => r is { External: null, Store.Kind: "external" }))
        {
            var store = LinkNames.Redis(region.Name);
            try
            {
                emptied.Add(new StoreEmptied(store, prefix, await EmptyAsync(region.Store.Address!, prefix).ConfigureAwait(false), null));
            }
            catch (Exception e) when (e is RedisException or TimeoutException)
            {
                emptied.Add(new StoreEmptied(store, prefix, 0, e.Message));
            }
        }

        return emptied;
    }

    private static async Task<long> EmptyAsync(string address, string prefix)
    {
        var connection = await ConnectionMultiplexer.ConnectAsync(new ConfigurationOptions { EndPoints = { address }, ClientName = "chaos", ConnectRetry = 1 }).ConfigureAwait(false);
        await using var _ = connection.ConfigureAwait(false);
        long deleted = 0;
        // A page at a time, so that a store that is full of what others keep is not held up, and one that is far away is not asked for each name.
        await foreach (var page in connection.GetServers().Single().KeysAsync(pattern: $"{prefix}:*", pageSize: Page).Chunk(Page).ConfigureAwait(false))
            deleted += await connection.GetDatabase().KeyDeleteAsync(page).ConfigureAwait(false);
        return deleted;
    }
}
