using System.Text.Json.Nodes;
using Chaos.Proxy.Tests.Support;

namespace Chaos.Proxy.Tests;

public sealed class PassThroughTests
{
    [Fact]
    public async Task Tcp_passes_both_ways_and_half_close_is_passed_on()
    {
        await using var bench = await Bench.StartAsync();
        var (server, address) = await bench.TcpAsync();
        using var client = await Bench.ConnectAsync(address);
        await client.EchoAsync("hello"u8.ToArray());
        client.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        Assert.Equal("fin", await client.EndingAsync());
        Assert.Equal(["fin"], server.Endings);
        var closed = await bench.LedgerAsync("ledger.closed");
        Assert.Equal("client", closed["by"]!.GetValue<string>());
        Assert.Equal("fin", closed["how"]!.GetValue<string>());
        Assert.Equal(5, closed["bytes_up"]!.GetValue<long>());
        Assert.Equal(5, closed["bytes_down"]!.GetValue<long>());
        Assert.True(closed["last_down_at"]!.GetValue<long>() > 0);
    }

    [Fact]
    public async Task A_websocket_passes_and_its_life_is_in_the_ledger()
    {
        await using var bench = await Bench.StartAsync();
        var (server, address) = await bench.WebSocketAsync();
        using var client = await Bench.ConnectAsync(address, "c-1");
        for (var i = 0; i < 10; i++)
            await client.EchoAsync($"message {i}");
        await client.CloseAsync(System.Net.WebSockets.WebSocketCloseStatus.NormalClosure, "bye", CancellationToken.None);
        var closed = await bench.LedgerAsync("ledger.closed");
        Assert.Equal(["close 1000"], server.Endings);
        Assert.Equal("client", closed["by"]!.GetValue<string>());
        Assert.Equal("close", closed["how"]!.GetValue<string>());
        Assert.Equal(1000, closed["code"]!.GetValue<int>());
        Assert.Equal("bye", closed["reason"]!.GetValue<string>());
        Assert.Equal(11, closed["frames_up"]!.GetValue<long>());
        Assert.Equal(11, closed["frames_down"]!.GetValue<long>());
        Assert.Equal("c-1", closed["client"]!.GetValue<string>());
        var handshake = await bench.LedgerAsync("ledger.handshake");
        Assert.Equal(101, handshake["status"]!.GetValue<int>());
        Assert.Equal("upstream", handshake["by"]!.GetValue<string>());
        var labels = (await bench.LedgerAsync("ledger.opened"))["labels"]!.AsObject();
        Assert.Equal(["client", "path", "region"], labels.Select(label => label.Key));
    }

    [Fact]
    public async Task A_fault_on_a_live_connection_delays_and_its_removal_restores()
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.WebSocketAsync();
        using var client = await Bench.ConnectAsync(address);
        await client.EchoAsync("warm");
        await bench.FaultAsync("latency", new JsonObject { ["latency"] = 60 });
        Assert.True(await client.EchoAsync("slow") >= 119);
        await bench.Control.RemoveFaultAsync("link", "latency");
        await client.EchoAsync("first after");
        // A busy machine may delay one echo, or ten; with the fault, none would be this fast.
        for (var tries = 0; await client.EchoAsync("fast") >= 60; tries++)
            Assert.True(tries < 200, "no echo was fast");
    }
}
