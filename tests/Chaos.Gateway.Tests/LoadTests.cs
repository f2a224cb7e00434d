using System.Text.Json.Nodes;
using Chaos.Gateway.Tests.Support;

namespace Chaos.Gateway.Tests;

public sealed class LoadTests
{
    [Fact]
    public async Task Two_hundred_clients_on_twenty_channels_all_get_everything()
    {
        await using var node = await Node.StartAsync();
        var channels = Enumerable.Range(0, 20).Select(_ => TestStore.Channel()).ToArray();
        var clients = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => WireClient.ConnectAsync(node.Address, "u" + i)));
        await Task.WhenAll(clients.Select((c, i) => c.SubscribeAsync(channels[i % 20])));
        Assert.Equal(200, await node.MetricAsync("chaos_connections_active"));
        const int Rounds = 10;
        for (var n = 1; n <= Rounds; n++) await Task.WhenAll(channels.Select((channel, i) => clients[i].PublishAsync(channel, new JsonObject { ["n"] = n })));
        await Task.WhenAll(clients.Select(async (client, i) =>
        {
            for (var n = 1; n <= Rounds; n++) Assert.Equal(n, (await client.PublicationAsync(channels[i % 20])).Offset);
        }));
        foreach (var client in clients) await client.DisposeAsync();
    }
}
