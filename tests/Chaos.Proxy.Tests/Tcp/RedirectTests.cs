using System.Net;
using System.Net.WebSockets;
using Chaos.Proxy.Client;
using Chaos.Proxy.Tests.Robustness;
using Chaos.Proxy.Tests.Support;

namespace Chaos.Proxy.Tests.Tcp;

/// <summary>New connections go elsewhere by weight; open ones stay where they are.</summary>
public sealed class RedirectTests
{
    [Fact]
    public async Task Websockets_that_are_open_stay_and_new_ones_go_by_weight()
    {
        await using var bench = await Bench.StartAsync();
        var (old, address) = await bench.WebSocketAsync();
        var (a, b) = (bench.Own(await WebSocketEchoServer.StartAsync()), bench.Own(await WebSocketEchoServer.StartAsync()));
        using var early = await Bench.ConnectAsync(address);
        await early.EchoAsync("before");

        var whole = await bench.Control.RedirectAsync("link", $"{a.Address}*3,{b.Address},{old.Address}*0");
        Assert.Equal($"{a.Address}*3,{b.Address},{old.Address}*0", whole.Upstream);
        var late = new List<ClientWebSocket>();
        for (var i = 0; i < 40; i++) late.Add(await Bench.ConnectAsync(address));
        foreach (var socket in late) await socket.EchoAsync("after");
        await early.EchoAsync("still there");

        Assert.Equal((1, 30, 10), (old.Connections.Count, a.Connections.Count, b.Connections.Count));
        Assert.Empty(bench.Ledger("ledger.closed"));
        foreach (var socket in late) socket.Dispose();
    }

    [Fact]
    public async Task Tcp_connections_that_are_open_stay_and_a_proxy_without_a_turn_to_give_refuses()
    {
        await using var bench = await Bench.StartAsync();
        var (server, address) = await bench.TcpAsync();
        var other = bench.Own(new EchoServer());
        using var early = await Bench.ConnectAsync(address);
        await early.EchoAsync("before"u8.ToArray());

        await bench.Control.RedirectAsync("link", other.Address);
        using var late = await Bench.ConnectAsync(address);
        await late.EchoAsync("after"u8.ToArray());
        await early.EchoAsync("still there"u8.ToArray());

        await bench.Control.RedirectAsync("link", $"{other.Address}*0,{server.Address}*0");
        Assert.Equal("rst", await RawClient.FateAsync(address));
        await late.EchoAsync("still there"u8.ToArray());
    }

    [Fact]
    public async Task Redirecting_keeps_the_port_and_an_update_to_the_same_upstream_changes_nothing()
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.TcpAsync();
        var other = bench.Own(new EchoServer());
        await bench.Control.RedirectAsync("link", other.Address);
        using var client = await Bench.ConnectAsync(address);
        await client.EchoAsync("one"u8.ToArray());
        var updated = await bench.Control.UpdateProxyAsync("link", new ProxyUpdate(Upstream: other.Address));
        Assert.Equal(address, IPEndPoint.Parse(updated.Listen));
        await client.EchoAsync("two"u8.ToArray());
    }
}
