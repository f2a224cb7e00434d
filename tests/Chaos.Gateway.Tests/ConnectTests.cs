using System.Text.Json.Nodes;
using Chaos.Gateway.Tests.Support;

namespace Chaos.Gateway.Tests;

public sealed class ConnectTests
{
    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task A_client_connects_subscribes_publishes_and_receives(string store)
    {
        await using var node = await Node.StartAsync(store: store);
        await using var ann = await WireClient.ConnectAsync(node.Address);
        var channel = TestStore.Channel();

        var reply = ann.ConnectReply!;
        Assert.Equal(["client", "version", "expires", "ttl", "ping", "pong", "session", "node", "data"], reply.Select(m => m.Key));
        Assert.True((bool)reply["expires"]!);
        Assert.InRange((int)reply["ttl"]!, 590, 600);
        Assert.Equal(25, (int)reply["ping"]!);
        Assert.True((bool)reply["pong"]!);
        Assert.Equal("gateway-1", (string?)reply["node"]);
        Assert.False((bool)reply["data"]!["resumed"]!);
        Assert.NotNull((string?)reply["data"]!["resume"]);

        var subscribed = (await ann.SubscribeAsync(channel))["subscribe"]!;
        Assert.True((bool)subscribed["recoverable"]!);
        Assert.True((bool)subscribed["positioned"]!);
        Assert.Equal(0, (long)subscribed["offset"]!);
        Assert.NotEmpty((string)subscribed["epoch"]!);
        Assert.Null(subscribed["was_recovering"]);

        Assert.Equal("""{"id":3,"publish":{}}""", (await ann.PublishAsync(channel, new JsonObject { ["n"] = 1 })).ToJsonString());
        var (offset, data) = await ann.PublicationAsync(channel);
        Assert.Equal(1, offset);
        Assert.Equal("""{"n":1}""", data.ToJsonString());
    }
}
