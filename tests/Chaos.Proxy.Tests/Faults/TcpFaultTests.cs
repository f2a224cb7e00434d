using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Chaos.Proxy.Tests.Robustness;
using Chaos.Proxy.Tests.Support;

namespace Chaos.Proxy.Tests.Faults;

public sealed class TcpFaultTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Latency_delays_connections_opened_before_and_after_it(bool before)
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.TcpAsync();
        var early = before ? await Bench.ConnectAsync(address) : null;
        if (early is not null) await early.EchoAsync("warm"u8.ToArray());
        await bench.FaultAsync("latency", new JsonObject { ["latency"] = 80 });
        using var client = early ?? await Bench.ConnectAsync(address);
        Assert.True(await client.EchoAsync("slow"u8.ToArray()) >= 160);
        var injected = await bench.LedgerAsync("ledger.injected");
        Assert.Equal("delayed", injected["action"]!.GetValue<string>());
        Assert.Equal(80_000, injected["configured_us"]!.GetValue<long>());
        Assert.True(injected["observed_us"]!.GetValue<long>() >= 80_000);
    }

    [Fact]
    public async Task Latency_on_one_stream_leaves_the_other_alone()
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.TcpAsync();
        await bench.FaultAsync("latency", new JsonObject { ["latency"] = 100 }, stream: "upstream");
        using var client = await Bench.ConnectAsync(address);
        Assert.True(await client.EchoAsync("x"u8.ToArray()) >= 100);
        await bench.LedgerAsync("ledger.injected");
        Assert.All(bench.Ledger("ledger.injected"), line => Assert.Equal("upstream", line["stream"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Bandwidth_holds_the_rate()
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.TcpAsync();
        await bench.FaultAsync("bandwidth", new JsonObject { ["rate"] = 100 }, stream: "downstream");
        using var client = await Bench.ConnectAsync(address);
        // 60 kB at 100 kB/s take 0.6 s; a loaded machine may only add to that. At a tenth of the rate they would take 6 s, which the ledger tells.
        Assert.True(await client.EchoAsync(new byte[60_000]) >= 590);
        await bench.LedgerAsync("ledger.injected");
        Assert.InRange(bench.Ledger("ledger.injected").Max(line => line["configured_us"]!.GetValue<long>()), 0, 700_000);
    }

    [Fact]
    public async Task A_shared_bucket_is_shared_by_all_connections()
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.TcpAsync();
        await bench.FaultAsync("bandwidth", new JsonObject { ["rate"] = 100, ["shared"] = true }, stream: "downstream");
        using var one = await Bench.ConnectAsync(address);
        using var two = await Bench.ConnectAsync(address);
        var times = await Task.WhenAll(one.EchoAsync(new byte[30_000]), two.EchoAsync(new byte[30_000]));
        Assert.True(times.Max() >= 590, $"{times.Max()} ms");
        await bench.LedgerAsync("ledger.injected");
        Assert.InRange(bench.Ledger("ledger.injected").Max(line => line["configured_us"]!.GetValue<long>()), 0, 700_000);
    }

    [Fact]
    public async Task Loss_stalls_but_loses_no_byte()
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.TcpAsync();
        await bench.FaultAsync("loss", new JsonObject { ["p"] = 0.3, ["rtt_ms"] = 15, ["rto_ms"] = 30 });
        using var client = await Bench.ConnectAsync(address);
        var data = RandomNumberGenerator.GetBytes(200_000);
        await client.EchoAsync(data);
        for (var i = 0; i < 40; i++)
            await client.EchoAsync([(byte)i, 1, 2]);
        var lost = bench.Ledger("ledger.injected");
        Assert.NotEmpty(lost);
        Assert.All(lost, line => Assert.Equal("lost", line["action"]!.GetValue<string>()));
        Assert.All(lost, line => Assert.True(line["observed_us"]!.GetValue<long>() >= 15_000));
    }

    [Fact]
    public async Task A_black_hole_is_silent_and_the_upstreams_end_is_not_seen()
    {
        await using var bench = await Bench.StartAsync();
        var (server, address) = await bench.TcpAsync();
        using var client = await Bench.ConnectAsync(address);
        await client.EchoAsync("warm"u8.ToArray());
        await bench.FaultAsync("blackhole");
        await client.SendAllAsync("anybody?"u8.ToArray());
        foreach (var connection in server.Connections)
            connection.Shutdown(SocketShutdown.Both);
        Assert.Equal("silent", await client.EndingAsync(300));
        Assert.Empty(bench.Ledger("ledger.closed"));
        client.Dispose();
        var closed = await bench.LedgerAsync("ledger.closed");
        Assert.Equal("client", closed["by"]!.GetValue<string>());
        Assert.Equal(4, closed["bytes_down"]!.GetValue<long>());
        var swallowed = await bench.LedgerAsync("ledger.injected");
        Assert.Equal("swallowed", swallowed["action"]!.GetValue<string>());
        Assert.Equal(8, swallowed["bytes"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_connection_with_a_hole_in_it_is_reset_when_the_black_hole_goes_and_others_live_on()
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.TcpAsync();
        using var talking = await Bench.ConnectAsync(address);
        using var silent = await Bench.ConnectAsync(address);
        await talking.EchoAsync("1"u8.ToArray());
        await silent.EchoAsync("2"u8.ToArray());
        await bench.FaultAsync("blackhole");
        await talking.SendAllAsync("lost"u8.ToArray());
        await bench.LedgerAsync("ledger.injected");
        await bench.Control.RemoveFaultAsync("link", "blackhole");
        Assert.Equal("rst", await talking.EndingAsync());
        await silent.EchoAsync("still here"u8.ToArray());
        var closed = await bench.LedgerAsync("ledger.closed");
        Assert.Equal("fault", closed["by"]!.GetValue<string>());
        Assert.Equal("blackhole", closed["fault"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(true, 50)]
    [InlineData(false, 50)]
    public async Task Reset_peer_sends_a_real_RST_to_both_sides(bool before, int timeout)
    {
        await using var bench = await Bench.StartAsync();
        var (server, address) = await bench.TcpAsync();
        using var early = before ? await Bench.ConnectAsync(address) : null;
        if (early is not null) await early.EchoAsync("warm"u8.ToArray());
        await bench.FaultAsync("reset_peer", new JsonObject { ["timeout"] = timeout });
        Assert.Equal("rst", early is not null ? await early.EndingAsync() : await RawClient.FateAsync(address));
        await Bench.Until(() => server.Endings.Contains("rst"));
        var closed = await bench.LedgerAsync("ledger.closed");
        Assert.Equal("fault", closed["by"]!.GetValue<string>());
        Assert.Equal("rst", closed["how"]!.GetValue<string>());
        Assert.Equal("reset_peer", closed["fault"]!.GetValue<string>());
    }

    [Fact]
    public async Task Down_refuses_and_cuts_and_the_same_port_comes_back()
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.TcpAsync();
        using var client = await Bench.ConnectAsync(address);
        await client.EchoAsync("warm"u8.ToArray());
        await bench.FaultAsync("down");
        Assert.Equal("rst", await client.EndingAsync());
        var refused = await Assert.ThrowsAsync<SocketException>(() => Bench.ConnectAsync(address));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
        await bench.Control.RemoveFaultAsync("link", "down");
        using var again = await Bench.ConnectAsync(address);
        await again.EchoAsync("back"u8.ToArray());
    }

    [Fact]
    public async Task A_reset_by_the_upstream_reaches_the_client_as_a_reset()
    {
        await using var bench = await Bench.StartAsync();
        var (server, address) = await bench.TcpAsync();
        using var client = await Bench.ConnectAsync(address);
        await client.EchoAsync("warm"u8.ToArray());
        foreach (var connection in server.Connections)
        {
            connection.LingerState = new LingerOption(true, 0);
            connection.Close();
        }
        Assert.Equal("rst", await client.EndingAsync());
        var closed = await bench.LedgerAsync("ledger.closed");
        Assert.Equal(("upstream", "rst"), (closed["by"]!.GetValue<string>(), closed["how"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_dead_upstream_resets_the_client_and_says_so()
    {
        await using var bench = await Bench.StartAsync();
        var (server, address) = await bench.TcpAsync();
        await server.DisposeAsync();
        Assert.Equal("rst", await RawClient.FateAsync(address));
        Assert.Equal("upstream", (await bench.LedgerAsync("ledger.closed"))["by"]!.GetValue<string>());
    }

    [Fact]
    public async Task Removing_latency_flushes_what_it_held_back()
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.TcpAsync();
        await bench.FaultAsync("latency", new JsonObject { ["latency"] = 60_000 });
        using var client = await Bench.ConnectAsync(address);
        await client.SendAllAsync("held"u8.ToArray());
        await Bench.Until(() => bench.Ledger("ledger.roll").Length == 1);
        await Task.Delay(50);
        await bench.Control.RemoveAllFaultsAsync();
        Assert.Equal("held"u8.ToArray(), await client.ReadAsync(4));
    }

    [Fact]
    public async Task Pipelined_items_are_not_delayed_one_after_the_other()
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.TcpAsync();
        await bench.FaultAsync("latency", new JsonObject { ["latency"] = 100 }, stream: "upstream");
        using var client = await Bench.ConnectAsync(address);
        var start = TimeProvider.System.GetTimestamp();
        const int Count = 200;
        for (var i = 0; i < Count; i++)
        {
            await client.SendAllAsync(new byte[] { (byte)i });
            await Task.Delay(1);
        }
        var echoed = await client.ReadAsync(Count);
        Assert.Equal([.. Enumerable.Range(0, Count).Select(i => (byte)i)], echoed);
        // One after the other they would take 20 s.
        Assert.InRange(TimeProvider.System.GetElapsedTime(start).TotalMilliseconds, 100, 0.75 * Count * 100);
    }
}
