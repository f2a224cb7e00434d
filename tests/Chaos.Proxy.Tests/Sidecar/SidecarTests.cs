using System.Net;
using System.Net.Sockets;
using Chaos.Proxy.Client;
using Chaos.Proxy.Tests.Hosting;
using Chaos.Proxy.Tests.Support;

namespace Chaos.Proxy.Tests.Sidecar;

/// <summary>The program by itself: signals, exit codes, and what it says.</summary>
public sealed class SidecarTests
{
    private static async Task<(ControlClient Control, Socket Client, IPEndPoint Address)> ConnectAsync(SidecarProcess process, EchoServer server)
    {
        var control = new ControlClient(process.Control);
        var proxy = await control.CreateProxyAsync(new ProxyRequest("p", "127.0.0.1:0", server.Address));
        var address = IPEndPoint.Parse(proxy.Listen);
        var client = await Bench.ConnectAsync(address);
        await client.EchoAsync("hello"u8.ToArray());
        return (control, client, address);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_signal_ends_it_in_order_and_every_connection_has_its_last_line(string signal)
    {
        await using var server = new EchoServer();
        using var process = await SidecarProcess.ReadyAsync();
        var (control, client, _) = await ConnectAsync(process, server);
        using var _1 = control;
        using var _2 = client;
        await control.AddFaultAsync("p", new FaultRequest("lag", "latency"));
        process.Signal(signal);
        Assert.Equal(0, await process.ExitAsync());
        Assert.Equal("rst", await client.EndingAsync());
        var closed = Assert.Single(process.Lines("ledger.closed"));
        Assert.Equal(("proxy", 5), (closed["by"]!.GetValue<string>(), closed["bytes_up"]!.GetValue<int>()));
        Assert.Equal(["added", "removed"], process.Lines("ledger.fault").Select(line => line["state"]!.GetValue<string>()));
    }

    [Fact]
    public async Task With_drain_open_connections_end_by_themselves_and_none_is_accepted()
    {
        await using var server = new EchoServer();
        using var process = await SidecarProcess.ReadyAsync("--drain", "600");
        var (control, client, address) = await ConnectAsync(process, server);
        using var _ = control;
        await control.AddFaultAsync("p", new FaultRequest("hole", "stall", "both"));
        process.Signal("TERM");
        await Bench.Until(() => process.Lines("ledger.fault").Length == 2, () => process.Output);
        // The fault is gone, the connection is not.
        await client.EchoAsync("still here"u8.ToArray());
        await Assert.ThrowsAsync<SocketException>(() => Bench.ConnectAsync(address));
        Assert.Equal(503, (await Assert.ThrowsAsync<ControlException>(() => control.CreateProxyAsync(new ProxyRequest("q", "127.0.0.1:0", server.Address)))).Status);
        Assert.Equal(503, (await Assert.ThrowsAsync<ControlException>(() => control.AddFaultAsync("p", new FaultRequest("late", "noop")))).Status);
        client.Dispose();
        Assert.Equal(0, await process.ExitAsync());
        Assert.Equal("client", Assert.Single(process.Lines("ledger.closed"))["by"]!.GetValue<string>());
    }

    [Fact]
    public async Task After_the_drain_what_is_left_is_cut()
    {
        await using var server = new EchoServer();
        using var process = await SidecarProcess.ReadyAsync("--drain", "0.2");
        var (control, client, _) = await ConnectAsync(process, server);
        using var _1 = control;
        using var _2 = client;
        process.Signal("TERM");
        Assert.Equal("rst", await client.EndingAsync());
        Assert.Equal(0, await process.ExitAsync());
        Assert.Equal("proxy", Assert.Single(process.Lines("ledger.closed"))["by"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_second_signal_ends_it_at_once()
    {
        await using var server = new EchoServer();
        using var process = await SidecarProcess.ReadyAsync("--drain", "600");
        var (control, client, address) = await ConnectAsync(process, server);
        using var _1 = control;
        using var _2 = client;
        process.Signal("TERM");
        await Bench.Until(() => IsRefused(address));
        process.Signal("TERM");
        Assert.Equal(143, await process.ExitAsync());
    }

    [Fact]
    public async Task The_end_of_its_parent_ends_it()
    {
        using var process = await SidecarProcess.ReadyAsync("--exit-with-parent");
        process.Signal("INT"); // Not for it: the parent cleans up first.
        using var control = new ControlClient(process.Control);
        Assert.Empty(await control.GetProxiesAsync());
        process.EndInput();
        Assert.Equal(0, await process.ExitAsync());
    }

    [Fact]
    public async Task Sighup_reads_the_file_again_without_dropping_connections()
    {
        await using var server = new EchoServer();
        using var file = new TempFile($$"""[{ "name": "p", "upstream": "{{server.Address}}" }]""");
        using var process = await SidecarProcess.ReadyAsync("--config", file.Path);
        using var control = new ControlClient(process.Control);
        using var client = await Bench.ConnectAsync(IPEndPoint.Parse((await control.GetProxyAsync("p")).Listen));
        await client.EchoAsync("hello"u8.ToArray());

        file.Write($$"""[{ "name": "p", "upstream": "{{server.Address}}", "toxics": [{ "type": "noop" }] }, { "name": "q", "upstream": "{{server.Address}}" }]""");
        process.Signal("HUP");
        await Bench.Until(() => process.Errors.Contains("reloaded: 1 added, 0 replaced, 0 removed, 1 unchanged, 1 faults changed", StringComparison.Ordinal), () => process.Errors);
        await client.EchoAsync("still here"u8.ToArray());

        file.Write("[{}]");
        process.Signal("HUP");
        await Bench.Until(() => process.Errors.Contains($"{file.Path}:1:2: missing required field: name. Add it.", StringComparison.Ordinal), () => process.Errors);
        await client.EchoAsync("still here"u8.ToArray());
        Assert.Equal(["p", "q"], (await control.GetProxiesAsync()).Keys.Order());
    }

    [Theory]
    [InlineData("it needs a control token", "--listen", "0.0.0.0:0")]
    [InlineData("must be host:port", "--listen", "nonsense")]
    [InlineData("--drain must be from 0 to 3600 seconds", "--drain", "-1")]
    [InlineData("Unrecognized", "--nonsense")]
    [InlineData("/no/such/file", "--config", "/no/such/file")]
    [InlineData("/no/such/folder", "--ledger", "/no/such/folder/ledger")]
    public async Task What_cannot_be_is_refused_with_64_and_a_word_of_why(string why, params string[] arguments)
    {
        var (exitCode, _, errors) = await SidecarProcess.RunAsync(arguments);
        Assert.Contains(why, errors, StringComparison.Ordinal);
        Assert.Equal(64, exitCode);
    }

    [Fact]
    public async Task A_taken_port_of_the_control_api_is_refused_with_64()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var (exitCode, _, errors) = await SidecarProcess.RunAsync("--listen", taken.LocalEndpoint.ToString()!);
        Assert.Contains("address already in use", errors, StringComparison.Ordinal);
        Assert.Equal(64, exitCode);
    }

    [Theory]
    [InlineData("--help", "--drain")]
    [InlineData("--version", ".")]
    public async Task It_tells_about_itself(string option, string word)
    {
        var (exitCode, output, _) = await SidecarProcess.RunAsync(option);
        Assert.Contains(word, output, StringComparison.Ordinal);
        Assert.Equal(0, exitCode);
    }

    private static bool IsRefused(IPEndPoint address)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(address);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
