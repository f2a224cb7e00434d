using System.Text.Json.Nodes;
using Chaos.Proxy.Client;
using Chaos.Proxy.Tests.Hosting;
using Chaos.Proxy.Tests.Support;

namespace Chaos.Proxy.Tests.Control;

/// <summary>The typed client against the proxy.</summary>
public sealed class ClientTests
{
    [Fact]
    public async Task What_a_stock_server_can_do_as_well()
    {
        await using var bench = await Bench.StartAsync();
        await StockWalk.WalkAsync(bench.Control, bench.Own(new EchoServer()).Address);
    }

    [Fact]
    public async Task A_proxy_with_everything_comes_back_as_it_was_asked_for()
    {
        await using var bench = await Bench.StartAsync(seed: 99);
        var control = bench.Control;
        var server = bench.Own(new EchoServer());
        var labels = new Dictionary<string, string> { ["team"] = "blue" };
        var made = await control.CreateWholeProxyAsync(new ProxyRequest("eu/p", "127.0.0.1:0", server.Address, Region: "eu", Labels: labels,
            Toxics: [new ToxicRequest("latency", new JsonObject { ["latency"] = 1 })], Faults: [new FaultRequest("hole", "blackhole", "both", 0)]));
        Assert.Equal(("eu/p", "tcp", "eu", true, 0), (made.Name, made.Kind, made.Region, made.Enabled, made.Connections));
        Assert.Equal(labels, made.Labels);
        Assert.Equal(["latency_downstream", "hole"], made.Faults.Select(fault => fault.Name));
        Assert.Equal(made.Listen, (await control.GetWholeProxyAsync("eu/p")).Listen);
        Assert.Single(await control.ListWholeProxiesAsync());
        Assert.Equal("hole", (await control.GetFaultAsync("eu/p", "hole")).Name);
        Assert.Equal(99, await control.GetSeedAsync());

        using var client = await Bench.ConnectAsync(System.Net.IPEndPoint.Parse(made.Listen));
        await client.EchoAsync("hello"u8.ToArray());
        // Bytes count as delivered once the socket took them, and the client may read them before they are counted.
        ConnectionInfo connection = null!;
        await Bench.Until(async () => (connection = Assert.Single(await control.ListConnectionsAsync("eu/p"))).BytesDown > 0);
        Assert.Equal((1, 5, 5, 0, "blue"), (connection.Conn, connection.BytesUp, connection.BytesDown, connection.FramesUp, connection.Labels["label.team"]));
        Assert.Equal(["latency_downstream"], connection.Faults);
        var foretold = await control.DryRunAsync("eu/p", new FaultRequest("x", "noop", Target: JsonNode.Parse("""{"connections":{"first":3}}""")!.AsObject()));
        Assert.Equal((1, 1, 1.0, 2), (foretold.Open, foretold.WouldHit.Single().Conn, foretold.ShareOfNew, foretold.NewAtMost));
        await control.CutConnectionAsync("eu/p", 1);
        Assert.Equal("rst", await client.EndingAsync());
        Assert.Equal(404, (await Assert.ThrowsAsync<ControlException>(() => control.CutConnectionAsync("eu/p", 1))).Status);

        await control.AddFaultAsync("eu/p", new FaultRequest("leased", "noop", LeaseMs: 60_000));
        Assert.Equal(["leased"], await control.RenewFaultsAsync("eu/p"));
        var status = await control.GetStatusAsync();
        Assert.Equal((99, 1, 0, 3, false), (status.Seed, status.Proxies, status.Connections, status.Faults, status.Halt.Halted));
        Assert.Contains("\"openapi\"", await control.OpenApiAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Halt_is_pressed_and_released()
    {
        await using var bench = await Bench.StartAsync();
        await bench.TcpAsync();
        await bench.FaultAsync("noop");
        var pressed = await bench.Control.HaltAsync("customers call");
        Assert.Equal((true, "customers call"), (pressed.Halted, pressed.Reason));
        Assert.Empty(await bench.Control.ListFaultsAsync());
        Assert.Contains("customers call", (await Assert.ThrowsAsync<ControlException>(() => bench.FaultAsync("noop"))).Message, StringComparison.Ordinal);
        Assert.NotNull((await bench.Control.GetHaltAsync()).Since);
        await bench.Control.ReleaseHaltAsync();
        await bench.FaultAsync("noop");
        Assert.False((await bench.Control.HaltAsync()).Reason is not null);
    }

    [Fact]
    public async Task The_ledger_is_read_line_by_line()
    {
        await using var bench = await Bench.StartAsync();
        await bench.TcpAsync("a");
        await bench.TcpAsync("b");
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reading = Task.Run(async () =>
        {
            var lines = new List<LedgerLine>();
            await foreach (var line in bench.Control.ReadLedgerAsync(["a"], ["fault"], () => listening.TrySetResult()))
                lines.Add(line);
            return lines;
        });
        await listening.Task.WaitAsync(TimeSpan.FromMilliseconds(Bench.Patience));
        await bench.FaultAsync("noop", link: "a", name: "one");
        await bench.FaultAsync("noop", link: "b", name: "two");
        await bench.Host.StopAsync();
        var lines = await reading.WaitAsync(TimeSpan.FromMilliseconds(Bench.Patience));
        Assert.Equal(["one added", "one removed"], lines.Select(line => $"{line.Json["fault"]} {line.Json["state"]}"));
        Assert.All(lines, line => Assert.True(line is { Kind: "ledger.fault", Id: > 0 }));
    }

    [Fact]
    public async Task Reload_tells_what_changed_or_everything_that_is_wrong()
    {
        using var file = new TempFile("[]");
        await using var host = await ProxyHost.StartAsync(new ProxyHostOptions { Listen = "127.0.0.1:0", ConfigFile = file.Path });
        using var control = new ControlClient(host.ControlAddress);
        file.Write("""[{ "name": "p", "upstream": "x:1" }]""");
        Assert.Equal(["p"], (await control.ReloadAsync()).Added);
        file.Write("""[{ "name": "p" }, { "upstream": "x:1" }]""");
        var refused = await Assert.ThrowsAsync<ControlException>(() => control.ReloadAsync());
        Assert.Equal(2, refused.Message.Split('\n').Length);
    }
}
