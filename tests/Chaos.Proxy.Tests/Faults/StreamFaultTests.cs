using System.Net.Sockets;
using System.Text.Json.Nodes;
using Chaos.Proxy.Client;
using Chaos.Proxy.Tests.Support;

namespace Chaos.Proxy.Tests.Faults;

/// <summary>Faults on the byte streams of a TCP link: what both sides get to see.</summary>
public sealed class StreamFaultTests
{
    private static string Action(JsonObject line) => line["action"]!.GetValue<string>();

    private static async Task<double> MillisecondsAsync(Func<Task> action)
    {
        var start = TimeProvider.System.GetTimestamp();
        await action();
        return TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
    }

    [Fact]
    public async Task Slow_close_delays_the_end_and_not_the_data()
    {
        await using var bench = await Bench.StartAsync();
        var (server, address) = await bench.TcpAsync();
        using var client = await Bench.ConnectAsync(address);
        await bench.FaultAsync("slow_close", new JsonObject { ["delay"] = 60_000 }, stream: "downstream");
        await client.EchoAsync("data is not delayed"u8.ToArray());
        client.Shutdown(SocketShutdown.Send);
        await Bench.Until(() => server.Endings.Contains("fin"));
        var ending = client.EndingAsync();
        await bench.Control.RemoveFaultAsync("link", "slow_close");
        Assert.Equal("fin", await ending);
    }

    [Fact]
    public async Task Slow_close_ends_after_its_delay()
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.TcpAsync();
        using var client = await Bench.ConnectAsync(address);
        await client.EchoAsync("warm"u8.ToArray());
        await bench.FaultAsync("slow_close", new JsonObject { ["delay"] = 150 }, stream: "downstream");
        Assert.True(await MillisecondsAsync(async () =>
        {
            client.Shutdown(SocketShutdown.Send);
            Assert.Equal("fin", await client.EndingAsync());
        }) >= 149);
        Assert.Equal(150_000, (await bench.LedgerAsync("ledger.injected"))["configured_us"]!.GetValue<long>());
    }

    [Fact]
    public async Task Timeout_swallows_and_closes_once_nothing_is_sent()
    {
        await using var bench = await Bench.StartAsync();
        var (server, address) = await bench.TcpAsync();
        using var client = await Bench.ConnectAsync(address);
        await client.EchoAsync("warm"u8.ToArray());
        await bench.FaultAsync("timeout", new JsonObject { ["timeout"] = 250 }, stream: "upstream");
        // Talking keeps it open longer than the timeout, though nothing arrives. A machine that stands still makes a silence of its own.
        var cutShort = false;
        for (var talked = 0; talked < 8 && !cutShort; talked++)
        {
            try
            {
                await client.SendAllAsync(new byte[3]);
            }
            catch (SocketException)
            {
                cutShort = true;
            }
            await Bench.Until(() => (cutShort |= bench.Ledger("ledger.closed").Length > 0) || Swallowed().Any(line => line["item"]!.GetValue<long>() >= talked));
            await Task.Delay(50);
        }
        var ending = await client.EndingAsync();
        // What is sent into an end is answered with a reset.
        Assert.True(ending == "fin" || cutShort, ending);
        var closed = await bench.LedgerAsync("ledger.closed");
        // It ends so long after the last bytes that came before its end, and not after the first ones.
        var end = closed["at"]!.GetValue<long>();
        var last = Swallowed().Select(line => line["at"]!.GetValue<long>() - line["observed_us"]!.GetValue<long>()).Where(at => at < end - 20_000).Max();
        Assert.True(end - last >= 240_000, $"closed {end - last} µs after the last bytes");
        Assert.Equal(("fault", "fin", "timeout"), (closed["by"]!.GetValue<string>(), closed["how"]!.GetValue<string>(), closed["fault"]!.GetValue<string>()));
        Assert.Equal(4, closed["bytes_up"]!.GetValue<long>());
        await Bench.Until(() => server.Endings.Contains("fin"));

        JsonObject[] Swallowed() => [.. bench.Ledger("ledger.injected").Where(line => Action(line) == "swallowed")];
    }

    [Fact]
    public async Task Timeout_of_0_is_silent_until_it_is_removed_which_closes()
    {
        await using var bench = await Bench.StartAsync();
        var (server, address) = await bench.TcpAsync();
        using var client = await Bench.ConnectAsync(address);
        await client.EchoAsync("warm"u8.ToArray());
        await bench.Control.AddToxicAsync("link", new ToxicRequest("timeout", new JsonObject { ["timeout"] = 0 }, Stream: "upstream"));
        await client.SendAllAsync("anybody?"u8.ToArray());
        await bench.LedgerAsync("ledger.injected");
        // An update is not a removal: it stays as silent as before.
        await bench.Control.UpdateToxicAsync("link", "timeout_upstream", new ToxicUpdate(new JsonObject { ["timeout"] = 86_000_000 }));
        await client.SendAllAsync("still?"u8.ToArray());
        await bench.LedgerAsync("ledger.injected", line => line["item"]!.GetValue<long>() == 2);
        Assert.Empty(bench.Ledger("ledger.closed"));
        await bench.Control.RemoveToxicAsync("link", "timeout_upstream");
        Assert.Equal("fin", await client.EndingAsync());
        await Bench.Until(() => server.Endings.Contains("fin"));
    }

    [Fact]
    public async Task Slicer_cuts_by_position_in_the_stream_and_pauses()
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.TcpAsync();
        using var client = await Bench.ConnectAsync(address);
        await bench.FaultAsync("slicer", new JsonObject { ["average_size"] = 100, ["size_variation"] = 20, ["delay"] = 5_000 }, stream: "downstream");
        var data = new byte[3_000];
        new Random(5).NextBytes(data);
        // About 30 slices, 5 ms after each.
        Assert.True(await client.EchoAsync(data) >= 100);
        Assert.All(bench.Ledger("ledger.injected"), line => Assert.Equal("sliced", Action(line)));
    }

    [Theory]
    [InlineData("downstream", 1000)]
    [InlineData("upstream", 1000)]
    [InlineData("downstream", 0)]
    public async Task Limit_data_passes_exactly_that_many_bytes_and_ends_both_legs(string stream, int limit)
    {
        await using var bench = await Bench.StartAsync();
        var (server, address) = await bench.TcpAsync();
        using var client = await Bench.ConnectAsync(address);
        await client.EchoAsync(new byte[500]);
        await bench.FaultAsync("limit_data", new JsonObject { ["bytes"] = limit }, stream: stream);
        await client.SendAllAsync(new byte[5000]);
        var got = 0;
        var buffer = new byte[8192];
        using var patience = new CancellationTokenSource(Bench.Patience);
        for (int n; (n = await client.ReceiveAsync(buffer, patience.Token)) > 0;) got += n;
        if (stream == "downstream") Assert.Equal(limit, got);
        else Assert.InRange(got, 0, limit);
        var closed = await bench.LedgerAsync("ledger.closed");
        Assert.Equal("limit_data", closed["fault"]!.GetValue<string>());
        Assert.Equal(500 + limit, closed[stream == "downstream" ? "bytes_down" : "bytes_up"]!.GetValue<long>());
        await Bench.Until(() => !server.Endings.IsEmpty);
    }

    [Fact]
    public async Task An_update_of_limit_data_keeps_its_count()
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.TcpAsync();
        using var client = await Bench.ConnectAsync(address);
        await bench.Control.AddToxicAsync("link", new ToxicRequest("limit_data", new JsonObject { ["bytes"] = 1000 }));
        await client.EchoAsync(new byte[600]);
        await bench.Control.UpdateToxicAsync("link", "limit_data_downstream", new ToxicUpdate(new JsonObject { ["bytes"] = 700 }));
        await client.SendAllAsync(new byte[600]);
        Assert.Equal(100, (await client.ReadAsync(100)).Length);
        Assert.Equal("fin", await client.EndingAsync());
    }

    [Fact]
    public async Task Stall_fills_the_senders_window_and_loses_nothing()
    {
        await using var bench = await Bench.StartAsync();
        var (server, address) = await bench.TcpAsync();
        using var client = await Bench.ConnectAsync(address);
        await client.EchoAsync("warm"u8.ToArray());
        await bench.FaultAsync("stall", stream: "upstream");
        var data = new byte[32 * 1024 * 1024];
        new Random(9).NextBytes(data);
        var sent = 0;
        var sending = Task.Run(async () =>
        {
            while (Volatile.Read(ref sent) < data.Length)
                Interlocked.Add(ref sent, await client.SendAsync(data.AsMemory(sent, Math.Min(256 * 1024, data.Length - sent))));
        });
        // The sender gets stuck: socket buffers alone take some megabytes.
        var before = -1;
        await Bench.Until(() => before == (before = Volatile.Read(ref sent)) && before > 0);
        Assert.InRange(before, 1, data.Length - 1);
        await bench.Control.RemoveFaultAsync("link", "stall");
        Assert.Equal(data, await client.ReadAsync(data.Length, patienceMs: 2 * Bench.Patience));
        await sending;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Close_after_ends_connections_while_data_flows(bool before)
    {
        await using var bench = await Bench.StartAsync();
        var (server, address) = await bench.TcpAsync();
        var early = before ? await Bench.ConnectAsync(address) : null;
        if (early is not null) await early.EchoAsync("warm"u8.ToArray());
        await bench.FaultAsync("close_after", new JsonObject { ["time"] = 200 });
        using var client = early ?? await Bench.ConnectAsync(address);
        var echoes = 0;
        try
        {
            for (; ; echoes++) await client.EchoAsync("again and again"u8.ToArray());
        }
        catch (Exception e) when (e is EndOfStreamException or SocketException)
        {
            // The end, or the answer to bytes that were sent into it.
        }
        var closed = await bench.LedgerAsync("ledger.closed");
        Assert.Equal(("fault", "fin", "close_after"), (closed["by"]!.GetValue<string>(), closed["how"]!.GetValue<string>(), closed["fault"]!.GetValue<string>()));
        var injected = await bench.LedgerAsync("ledger.injected");
        Assert.Equal(200_000, injected["configured_us"]!.GetValue<long>());
        Assert.True(injected["observed_us"]!.GetValue<long>() >= 200_000);
        // On a machine that stands still it may be over before the upstream has been dialled.
        if (before || echoes > 0) await Bench.Until(() => !server.Endings.IsEmpty);
    }

    [Fact]
    public async Task Delays_can_be_drawn_from_a_trace()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "# measured\n30\n\n40\n50\n");
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.TcpAsync();
        await bench.FaultAsync("latency", new JsonObject { ["distribution"] = "trace", ["trace"] = file, ["latency"] = 1 }, stream: "upstream");
        using var client = await Bench.ConnectAsync(address);
        for (var i = 0; i < 12; i++) await client.EchoAsync("x"u8.ToArray());
        var drawn = bench.Ledger("ledger.injected").Select(line => line["configured_us"]!.GetValue<long>()).ToHashSet();
        Assert.All(drawn, us => Assert.Contains(us, new long[] { 31_000, 41_000, 51_000 }));
        Assert.True(drawn.Count > 1);
        File.Delete(file);
        var error = await Assert.ThrowsAsync<ControlException>(() => bench.FaultAsync("latency", new JsonObject { ["distribution"] = "trace", ["trace"] = file }, name: "again"));
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
    }
}
