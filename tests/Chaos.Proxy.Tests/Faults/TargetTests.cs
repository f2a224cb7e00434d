using System.Net;
using System.Text.Json.Nodes;
using Chaos.Proxy.Client;
using Chaos.Proxy.Faults;
using Chaos.Proxy.Links;
using Chaos.Proxy.Tests.Support;

namespace Chaos.Proxy.Tests.Faults;

/// <summary>Which connections and items a fault takes hold of.</summary>
public sealed class TargetTests
{
    private static Task<FaultInfo> AddAsync(Bench bench, string target, string type = "latency", string stream = "upstream", double toxicity = 1) =>
        bench.Control.AddFaultAsync("link", new FaultRequest("aimed", type, stream, toxicity, Target: JsonNode.Parse(target)!.AsObject()));

    private static async Task<bool[]> HitsAsync(Bench bench, IPEndPoint address, int count, int open = 0)
    {
        for (var i = 0; i < count; i++)
        {
            using var client = await Bench.ConnectAsync(address);
            await client.EchoAsync("x"u8.ToArray());
        }
        return await HitsAsync(bench, open + count);
    }

    private static async Task<bool[]> HitsAsync(Bench bench, int count)
    {
        await Bench.Until(() => bench.Ledger("ledger.roll").Length >= count);
        return [.. bench.Ledger("ledger.roll").OrderBy(line => line["conn"]!.GetValue<long>()).Select(line => line["hit"]!.GetValue<bool>())];
    }

    [Fact]
    public async Task Every_n_th_connection()
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.TcpAsync();
        await AddAsync(bench, """{"connections":{"every":3}}""");
        Assert.Equal((bool[])[false, false, true, false, false, true, false], await HitsAsync(bench, address, 7));
    }

    [Fact]
    public async Task The_first_n_connections_count_from_the_faults_start_with_open_ones_first()
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.TcpAsync();
        using (var gone = await Bench.ConnectAsync(address)) await gone.EchoAsync("x"u8.ToArray());
        await bench.LedgerAsync("ledger.closed");
        using var open = await Bench.ConnectAsync(address);
        await open.EchoAsync("x"u8.ToArray());
        await AddAsync(bench, """{"connections":{"first":2}}""");
        Assert.Equal((bool[])[true, true, false, false], await HitsAsync(bench, address, 3, open: 1));
    }

    [Fact]
    public async Task At_most_n_at_once()
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.TcpAsync();
        await AddAsync(bench, """{"connections":{"max_active":2}}""");
        var one = await Bench.ConnectAsync(address);
        await one.EchoAsync("1"u8.ToArray());
        using var two = await Bench.ConnectAsync(address);
        await two.EchoAsync("2"u8.ToArray());
        using var three = await Bench.ConnectAsync(address);
        await three.EchoAsync("3"u8.ToArray());
        one.Dispose();
        await bench.LedgerAsync("ledger.closed");
        using var four = await Bench.ConnectAsync(address);
        await four.EchoAsync("4"u8.ToArray());
        Assert.Equal((bool[])[true, true, false, true], await HitsAsync(bench, 4));
    }

    [Theory]
    [InlineData("""{"path":"/connection/*"}""", true)]
    [InlineData("""{"path":"/other"}""", false)]
    [InlineData("""{"region":"eu","client":"c-1?"}""", true)]
    [InlineData("""{"region":"us","client":"c-1?"}""", false)]
    [InlineData("""{"query.client":"c-12"}""", true)]
    [InlineData("""{"header.user-agent":"*"}""", false)]
    [InlineData("""{"header.x-tenant":"acme"}""", true)]
    [InlineData("""{"subprotocol":"centrifuge-json"}""", true)]
    [InlineData("""{"subprotocol":"centrifuge-protobuf"}""", false)]
    public async Task Labels_of_the_handshake(string labels, bool hit)
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.WebSocketAsync();
        await AddAsync(bench, $$$"""{"connections":{"labels":{{{labels}}}}}""");
        using var client = await RawWebSocket.ConnectAsync(new Uri(address + "?client=c-12"), "X-Tenant: acme\r\nSec-WebSocket-Protocol: centrifuge-json\r\n");
        Assert.Equal((bool[])[hit], await HitsAsync(bench, 1));
    }

    [Fact]
    public async Task Items_by_number_and_by_share()
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.TcpAsync();
        await AddAsync(bench, """{"messages":{"every":4,"first":10}}""");
        using var client = await Bench.ConnectAsync(address);
        for (var i = 0; i < 20; i++) await client.EchoAsync("x"u8.ToArray());
        await bench.LedgerAsync("ledger.injected", line => line["item"]!.GetValue<long>() == 7);
        Assert.Equal([3L, 7L], bench.Ledger("ledger.injected").Select(line => line["item"]!.GetValue<long>()));
    }

    [Fact]
    public void A_share_is_exact_in_expectation_and_independent_of_the_faults_own_draws()
    {
        const int Count = 100_000;
        var key = StreamKey.For(3, "f", 1, Direction.Upstream);
        var target = MessageTarget.All with { Share = 0.25 };
        var taken = Enumerable.Range(0, Count).Where(i => target.Takes(key, i, 0)).ToArray();
        // Five standard deviations; the seed is fixed.
        Assert.InRange(taken.Length, Count / 4 - 5 * 137, Count / 4 + 5 * 137);
        var loss = new IndependentLoss(0.5, 0);
        Assert.InRange(taken.Count(i => loss.IsLost(key, i)) / (double)taken.Length, 0.48, 0.52);
    }

    [Theory]
    [InlineData("latency", """{"connections":{"nth":3}}""", "target.connections.nth is unknown")]
    [InlineData("latency", """{"connections":{"every":0}}""", "target.connections.every must be a whole number from 1")]
    [InlineData("latency", """{"messages":{"share":2}}""", "target.messages.share must be a number from 0 to 1")]
    [InlineData("latency", """{"messages":{"match":{"a":"b"}}}""", "need a ws_* fault")]
    [InlineData("latency", """{"connections":{"labels":{"colour":"red"}}}""", "target.connections.labels.colour is unknown")]
    [InlineData("down", """{"connections":{"first":1}}""", "does not go with down")]
    [InlineData("reset_peer", """{"messages":{"first":1}}""", "does not go with reset_peer")]
    public async Task What_cannot_be_aimed_at_is_refused_with_a_reason(string type, string target, string reason)
    {
        await using var bench = await Bench.StartAsync();
        await bench.TcpAsync();
        var error = await Assert.ThrowsAsync<ControlException>(() => AddAsync(bench, target, type));
        Assert.Equal(400, error.Status);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_is_shown_as_it_was_given()
    {
        await using var bench = await Bench.StartAsync();
        await bench.WebSocketAsync();
        var target = """{"connections":{"every":2,"labels":{"path":"/x*"}},"messages":{"share":0.5,"match":{"channel":"a"}}}""";
        Assert.Equal(target, (await AddAsync(bench, target, "ws_drop")).Target!.ToJsonString());
    }
}
