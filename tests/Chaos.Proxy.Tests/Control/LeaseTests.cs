using Chaos.Proxy.Client;
using Chaos.Proxy.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Chaos.Proxy.Tests.Control;

public sealed class LeaseTests
{
    [Fact]
    public async Task A_fault_outlives_its_lease_only_while_it_is_renewed()
    {
        var time = new FakeTimeProvider();
        await using var bench = await Bench.StartAsync(time: time);
        await bench.TcpAsync();
        await bench.Control.AddFaultAsync("link", new FaultRequest("lag", "latency", LeaseMs: 5000));
        time.Advance(TimeSpan.FromSeconds(4));
        await bench.Control.RenewFaultAsync("link", "lag");
        time.Advance(TimeSpan.FromSeconds(4));
        Assert.Single(await bench.Control.ListFaultsAsync());
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Empty(await bench.Control.ListFaultsAsync());
        await bench.LedgerAsync("ledger.fault", line => line["state"]!.GetValue<string>() == "expired");
        Assert.Equal(404, (await Assert.ThrowsAsync<ControlException>(() => bench.Control.RenewFaultAsync("link", "lag"))).Status);
    }

    [Fact]
    public async Task An_expired_down_fault_opens_the_listener_again()
    {
        var time = new FakeTimeProvider();
        await using var bench = await Bench.StartAsync(time: time);
        var (_, address) = await bench.TcpAsync();
        await bench.Control.AddFaultAsync("link", new FaultRequest("outage", "down", LeaseMs: 1000));
        await Assert.ThrowsAsync<System.Net.Sockets.SocketException>(() => Bench.ConnectAsync(address));
        time.Advance(TimeSpan.FromSeconds(2));
        using var client = await Bench.ConnectAsync(address);
        await client.EchoAsync("back"u8.ToArray());
    }

    [Fact]
    public async Task Where_the_port_was_taken_during_an_outage_its_end_leaves_the_proxy_off()
    {
        var time = new FakeTimeProvider();
        await using var bench = await Bench.StartAsync(time: time);
        var (_, address) = await bench.TcpAsync();
        await bench.Control.AddFaultAsync("link", new FaultRequest("outage", "down", LeaseMs: 1000));
        using var thief = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere the port cannot be taken");
        const int SolSocket = 1, SoReuseAddr = 2;
        thief.SetRawSocketOption(SolSocket, SoReuseAddr, BitConverter.GetBytes(1));
        thief.Bind(address);
        thief.Listen();
        time.Advance(TimeSpan.FromSeconds(2));
        await bench.LedgerAsync("ledger.fault", line => line["state"]!.GetValue<string>() == "expired");
        Assert.False((await bench.Control.GetProxyAsync("link")).Enabled);
        Assert.Contains("address already in use", (await Assert.ThrowsAsync<ControlException>(() => bench.Control.UpdateProxyAsync("link", new ProxyUpdate(Enabled: true)))).Message, StringComparison.Ordinal);
        thief.Dispose();
        await bench.Control.UpdateProxyAsync("link", new ProxyUpdate(Enabled: true));
        using var client = await Bench.ConnectAsync(address);
        await client.EchoAsync("back"u8.ToArray());
    }
}
