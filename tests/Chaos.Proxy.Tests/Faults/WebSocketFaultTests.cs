using System.Net;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Chaos.Proxy.Tests.Support;

namespace Chaos.Proxy.Tests.Faults;

public sealed class WebSocketFaultTests
{
    private static async Task<string> FailureAsync(ClientWebSocket socket)
    {
        var e = await Assert.ThrowsAsync<WebSocketException>(() => socket.ReceiveTextAsync());
        for (Exception? inner = e; inner is not null; inner = inner.InnerException)
        {
            if (inner is System.Net.Sockets.SocketException { SocketErrorCode: System.Net.Sockets.SocketError.ConnectionReset }) return "rst";
        }
        return "fin";
    }

    // A receive that is cancelled would abort the socket: it is left pending until the test has looked.
    private static async Task SilentAsync(Bench bench, ClientWebSocket client)
    {
        var receive = client.ReceiveTextAsync(patienceMs: 60_000);
        await Task.WhenAny(receive, Task.Delay(300));
        Assert.False(receive.IsCompleted, "the client heard something");
        Assert.Empty(bench.Ledger("ledger.closed"));
        client.Abort();
        await Assert.ThrowsAnyAsync<Exception>(() => receive);
        client.Dispose();
    }

    [Fact]
    public async Task Loss_and_bandwidth_keep_every_message_and_its_order()
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.WebSocketAsync();
        using var client = await Bench.ConnectAsync(address);
        await bench.FaultAsync("loss", new JsonObject { ["p"] = 0.2, ["rtt_ms"] = 10, ["rto_ms"] = 20 });
        await bench.FaultAsync("bandwidth", new JsonObject { ["rate"] = 500 });
        var texts = Enumerable.Range(0, 100).Select(i => $"{i} {new string('x', i * 20)}").ToArray();
        var sending = Task.Run(async () =>
        {
            foreach (var text in texts)
                await client.SendTextAsync(text);
        });
        foreach (var text in texts)
            Assert.Equal(text, await client.ReceiveTextAsync());
        await sending;
        Assert.Contains(bench.Ledger("ledger.injected"), line => line["action"]!.GetValue<string>() == "lost");
        Assert.Contains(bench.Ledger("ledger.injected"), line => line["action"]!.GetValue<string>() == "throttled");
    }

    [Fact]
    public async Task A_black_hole_lets_the_handshake_pass_and_nothing_else()
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.WebSocketAsync();
        await bench.FaultAsync("blackhole");
        using var client = await Bench.ConnectAsync(address, "c-9");
        await client.SendTextAsync("anybody?");
        await SilentAsync(bench, client);
        var handshake = await bench.LedgerAsync("ledger.handshake");
        Assert.Equal(101, handshake["status"]!.GetValue<int>());
        Assert.Equal("c-9", handshake["client"]!.GetValue<string>());
        var closed = await bench.LedgerAsync("ledger.closed");
        Assert.Equal("client", closed["by"]!.GetValue<string>());
        Assert.Equal(0, closed["last_down_at"]?.GetValue<long>());
        Assert.Equal(0, closed["frames_up"]!.GetValue<long>());
    }

    [Fact]
    public async Task Behind_a_black_hole_the_client_does_not_see_the_upstream_close()
    {
        await using var bench = await Bench.StartAsync();
        var (server, address) = await bench.WebSocketAsync();
        using var client = await Bench.ConnectAsync(address);
        await client.EchoAsync("warm");
        var before = await bench.LedgerAsync("ledger.handshake");
        await bench.FaultAsync("blackhole");
        foreach (var connection in server.Connections)
            connection.Abort();
        await Bench.Until(() => server.Endings.Contains("abort"));
        await SilentAsync(bench, client);
        var closed = await bench.LedgerAsync("ledger.closed");
        Assert.Equal("client", closed["by"]!.GetValue<string>());
        Assert.True(closed["last_down_at"]!.GetValue<long>() > before["at"]!.GetValue<long>());
        Assert.True(closed["at"]!.GetValue<long>() - closed["last_down_at"]!.GetValue<long>() >= 250_000);
    }

    [Fact]
    public async Task Behind_a_black_hole_the_upstream_does_not_see_the_client_go_until_it_is_lifted()
    {
        await using var bench = await Bench.StartAsync();
        var (server, address) = await bench.WebSocketAsync();
        var client = await Bench.ConnectAsync(address);
        await client.EchoAsync("warm");
        await bench.FaultAsync("blackhole");
        client.Abort();
        client.Dispose();
        Assert.Equal("client", (await bench.LedgerAsync("ledger.closed"))["by"]!.GetValue<string>());
        await Task.Delay(200);
        Assert.Empty(server.Endings);
        await bench.Control.RemoveFaultAsync("link", "blackhole");
        await Bench.Until(() => !server.Endings.IsEmpty);
    }

    [Fact]
    public async Task With_the_downstream_black_holed_a_client_that_gives_up_is_noticed()
    {
        await using var bench = await Bench.StartAsync();
        var (server, address) = await bench.WebSocketAsync();
        var client = await Bench.ConnectAsync(address);
        await client.EchoAsync("warm");
        await bench.FaultAsync("blackhole", stream: "downstream");
        await client.SendTextAsync("heard, but not answered");
        foreach (var connection in server.Connections)
            connection.Abort();
        await Bench.Until(() => server.Endings.Contains("abort"));
        await SilentAsync(bench, client);
        Assert.Equal("client", (await bench.LedgerAsync("ledger.closed"))["by"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Reset_peer_resets_both_sides(bool before)
    {
        await using var bench = await Bench.StartAsync();
        var (server, address) = await bench.WebSocketAsync();
        using var client = new ClientWebSocket();
        if (before)
        {
            await client.ConnectAsync(address, CancellationToken.None);
            await client.EchoAsync("warm");
        }
        await bench.FaultAsync("reset_peer");
        if (before)
        {
            Assert.Equal("rst", await FailureAsync(client));
            await Bench.Until(() => server.Endings.Contains("abort"));
        }
        else
        {
            await Assert.ThrowsAsync<WebSocketException>(() => client.ConnectAsync(address, CancellationToken.None));
            var handshake = await bench.LedgerAsync("ledger.handshake");
            Assert.Equal((0, "fault"), (handshake["status"]!.GetValue<int>(), handshake["by"]!.GetValue<string>()));
        }
        var closed = await bench.LedgerAsync("ledger.closed");
        Assert.Equal(("fault", "rst"), (closed["by"]!.GetValue<string>(), closed["how"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Down_cuts_refuses_and_comes_back()
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.WebSocketAsync();
        using var client = await Bench.ConnectAsync(address);
        await client.EchoAsync("warm");
        await bench.FaultAsync("down");
        Assert.Equal("rst", await FailureAsync(client));
        await Assert.ThrowsAsync<WebSocketException>(() => Bench.ConnectAsync(address));
        Assert.Single(bench.Ledger("ledger.opened"));
        await bench.Control.RemoveFaultAsync("link", "down");
        using var again = await Bench.ConnectAsync(address);
        await again.EchoAsync("back");
    }

    [Fact]
    public async Task A_refused_handshake_has_the_status_the_header_and_all_ledger_lines()
    {
        await using var bench = await Bench.StartAsync();
        var (server, address) = await bench.WebSocketAsync();
        using var open = await Bench.ConnectAsync(address);
        await open.EchoAsync("warm");
        await bench.FaultAsync("ws_handshake", new JsonObject { ["status"] = 429, ["retry_after"] = 7, ["delay"] = 30 });
        using var client = new ClientWebSocket();
        client.Options.CollectHttpResponseDetails = true;
        await Assert.ThrowsAsync<WebSocketException>(() => client.ConnectAsync(new Uri(address + "?client=c-2"), CancellationToken.None));
        Assert.Equal(HttpStatusCode.TooManyRequests, client.HttpStatusCode);
        Assert.Equal(["7"], client.HttpResponseHeaders!["Retry-After"]);
        Assert.Single(server.Connections);
        await open.EchoAsync("untouched");
        var handshake = await bench.LedgerAsync("ledger.handshake", line => line["status"]!.GetValue<int>() == 429);
        Assert.Equal(("fault", "c-2"), (handshake["by"]!.GetValue<string>(), handshake["client"]!.GetValue<string>()));
        Assert.True(handshake["at"]!.GetValue<long>() - handshake["arrived_at"]!.GetValue<long>() >= 30_000);
        var closed = await bench.LedgerAsync("ledger.closed");
        Assert.Equal(("fault", "ws_handshake"), (closed["by"]!.GetValue<string>(), closed["fault"]!.GetValue<string>()));
        Assert.Equal("refused", (await bench.LedgerAsync("ledger.injected"))["action"]!.GetValue<string>());
        Assert.Equal(2, bench.Ledger("ledger.opened").Length);
        await bench.Control.RemoveFaultAsync("link", "ws_handshake");
        using var again = await Bench.ConnectAsync(address);
        await again.EchoAsync("back");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ws_close_sends_its_code_and_ends_the_connection(bool before)
    {
        await using var bench = await Bench.StartAsync();
        var (server, address) = await bench.WebSocketAsync();
        using var client = new ClientWebSocket();
        if (before)
        {
            await client.ConnectAsync(address, CancellationToken.None);
            await client.EchoAsync("warm");
        }
        await bench.FaultAsync("ws_close", new JsonObject { ["code"] = 1012, ["reason"] = "restart" }, stream: "downstream");
        if (!before) await client.ConnectAsync(address, CancellationToken.None);
        Assert.Equal("close 1012 restart", await client.ReceiveTextAsync());
        await client.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        var closed = await bench.LedgerAsync("ledger.closed");
        Assert.Equal(("fault", "close", 1012, "restart", "ws_close"), (closed["by"]!.GetValue<string>(), closed["how"]!.GetValue<string>(),
            closed["code"]!.GetValue<int>(), closed["reason"]!.GetValue<string>(), closed["fault"]!.GetValue<string>()));
        // The upstream sees a cut, not the client's goodbye.
        await Bench.Until(() => !server.Endings.IsEmpty);
        Assert.Equal("abort", server.Endings.First());
        Assert.Equal("closed", (await bench.LedgerAsync("ledger.injected"))["action"]!.GetValue<string>());
    }

    [Fact]
    public async Task Ws_close_to_the_upstream_reaches_it_as_a_valid_masked_frame()
    {
        await using var bench = await Bench.StartAsync();
        var (server, address) = await bench.WebSocketAsync();
        using var client = await Bench.ConnectAsync(address);
        await client.EchoAsync("warm");
        await bench.FaultAsync("ws_close", new JsonObject { ["code"] = 3001 }, stream: "upstream");
        await Bench.Until(() => !server.Endings.IsEmpty);
        Assert.Equal("close 3001", server.Endings.First());
        await bench.LedgerAsync("ledger.closed", line => line["by"]!.GetValue<string>() == "fault");
    }

    [Fact]
    public async Task A_half_close_leaves_the_socket_open_and_silent()
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.WebSocketAsync();
        using var client = await Bench.ConnectAsync(address);
        await client.EchoAsync("warm");
        await bench.FaultAsync("ws_close", new JsonObject { ["code"] = 1001, ["half"] = true }, stream: "downstream");
        Assert.Equal("close 1001", await client.ReceiveTextAsync());
        // Longer than a full close waits for the answer: nothing may happen in that time.
        await Task.Delay(1300);
        Assert.Empty(bench.Ledger("ledger.closed"));
        client.Dispose();
        Assert.Equal("fault", (await bench.LedgerAsync("ledger.closed"))["by"]!.GetValue<string>());
    }

    [Fact]
    public async Task Close_code_1006_is_a_reset()
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.WebSocketAsync();
        using var client = await Bench.ConnectAsync(address);
        await client.EchoAsync("warm");
        await bench.FaultAsync("ws_close", new JsonObject { ["code"] = 1006 });
        Assert.Equal("rst", await FailureAsync(client));
    }

    [Fact]
    public async Task An_upstream_that_closes_late_messages_first_loses_none_under_latency()
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.WebSocketAsync();
        using var client = await Bench.ConnectAsync(address);
        await bench.FaultAsync("latency", new JsonObject { ["latency"] = 80 });
        for (var i = 0; i < 5; i++)
            await client.SendTextAsync($"m{i}");
        await client.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "done", CancellationToken.None);
        for (var i = 0; i < 5; i++)
            Assert.Equal($"m{i}", await client.ReceiveTextAsync());
        Assert.StartsWith("close 1000", await client.ReceiveTextAsync());
        var closed = await bench.LedgerAsync("ledger.closed");
        Assert.Equal((6, 6), (closed["frames_up"]!.GetValue<int>(), closed["frames_down"]!.GetValue<int>()));
    }

    [Fact]
    public async Task Refusals_of_the_upstream_and_plain_requests_pass()
    {
        await using var bench = await Bench.StartAsync();
        var (server, address) = await bench.WebSocketAsync();
        using var http = new HttpClient();
        Assert.Equal("hello", await http.GetStringAsync(new Uri($"http://{address.Authority}/hello")));
        using var client = new ClientWebSocket();
        client.Options.CollectHttpResponseDetails = true;
        await Assert.ThrowsAsync<WebSocketException>(() => client.ConnectAsync(new Uri($"ws://{address.Authority}/deny"), CancellationToken.None));
        Assert.Equal(HttpStatusCode.Unauthorized, client.HttpStatusCode);
        var handshake = await bench.LedgerAsync("ledger.handshake");
        Assert.Equal((401, "upstream"), (handshake["status"]!.GetValue<int>(), handshake["by"]!.GetValue<string>()));
        await bench.LedgerAsync("ledger.closed");
        await server.DisposeAsync();
        await Assert.ThrowsAsync<WebSocketException>(() => Bench.ConnectAsync(address));
        await bench.LedgerAsync("ledger.handshake", line => line["status"]!.GetValue<int>() == 502);
    }

    [Fact]
    public async Task Stopping_the_proxy_writes_the_last_line_of_every_connection()
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.WebSocketAsync();
        var clients = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Bench.ConnectAsync(address, $"c-{i}")));
        await Task.WhenAll(clients.Select(client => client.EchoAsync("x")));
        await bench.Host.StopAsync();
        var closed = bench.Ledger("ledger.closed");
        Assert.Equal(20, closed.Length);
        Assert.All(closed, line => Assert.Equal("proxy", line["by"]!.GetValue<string>()));
        Assert.NotEmpty(bench.Ledger("ledger.overhead"));
        foreach (var client in clients)
            client.Dispose();
    }
}
