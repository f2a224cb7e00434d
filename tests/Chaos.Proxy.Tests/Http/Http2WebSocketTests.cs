using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Chaos.Proxy.Client;
using Chaos.Proxy.Tests.Support;

namespace Chaos.Proxy.Tests.Http;

/// <summary>WebSockets over HTTP/2 (RFC 8441): several on one connection.</summary>
public sealed class Http2WebSocketTests
{
    private sealed class Link : IAsyncDisposable
    {
        private readonly HttpMessageInvoker _invoker = new(new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = false, SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, errors) => errors != SslPolicyErrors.RemoteCertificateNotAvailable },
        });

        public required Bench Bench { get; init; }

        public required WebSocketEchoServer Server { get; init; }

        public required Uri Address { get; init; }

        public static async Task<Link> StartAsync(bool tls = false)
        {
            var bench = await Bench.StartAsync();
            var server = bench.Own(await WebSocketEchoServer.StartAsync());
            var proxy = await bench.Control.CreateProxyAsync(new ProxyRequest("link", "127.0.0.1:0", server.Address, Kind: "websocket", Region: "eu", Tls: tls ? new ListenTls(SelfSigned: true) : null));
            return new Link { Bench = bench, Server = server, Address = new Uri($"{(tls ? "wss" : "ws")}://{proxy.Listen}/connection/websocket") };
        }

        public async Task<ClientWebSocket> ConnectAsync(string client)
        {
            var socket = new ClientWebSocket();
            socket.Options.KeepAliveInterval = TimeSpan.Zero;
            socket.Options.HttpVersion = HttpVersion.Version20;
            socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
            socket.Options.CollectHttpResponseDetails = true;
            using var patience = new CancellationTokenSource(60_000);
            await socket.ConnectAsync(new Uri($"{Address}?client={client}"), _invoker, patience.Token);
            return socket;
        }

        /// <summary>TCP connections that clients have to the link.</summary>
        public int TcpConnections()
        {
            const int Established = 1;
            var port = Address.Port.ToString("X4", CultureInfo.InvariantCulture);
            return File.ReadLines("/proc/net/tcp").Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Count(fields => fields[1].EndsWith(port, StringComparison.Ordinal) && int.Parse(fields[3], NumberStyles.HexNumber, CultureInfo.InvariantCulture) == Established);
        }

        public Task<FaultInfo> FaultOnAsync(string client, string type, JsonObject? attributes = null, string stream = "both") =>
            Bench.Control.AddFaultAsync("link", new FaultRequest(type, type, stream, 1, attributes,
                Target: new JsonObject { ["connections"] = new JsonObject { ["labels"] = new JsonObject { ["client"] = client } } }));

        public async ValueTask DisposeAsync()
        {
            _invoker.Dispose();
            await Bench.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_passes_and_its_life_is_in_the_ledger(bool tls)
    {
        await using var link = await Link.StartAsync(tls);
        using var client = await link.ConnectAsync("c-1");
        Assert.Equal(HttpStatusCode.OK, client.HttpStatusCode);
        for (var i = 0; i < 10; i++)
            await client.EchoAsync($"message {i} {new string('x', i * 5000)}");
        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", CancellationToken.None);
        var closed = await link.Bench.LedgerAsync("ledger.closed");
        Assert.Equal(["close 1000"], link.Server.Endings);
        Assert.Equal(("client", "close", 1000, "bye", 11, 11), (closed["by"]!.GetValue<string>(), closed["how"]!.GetValue<string>(), closed["code"]!.GetValue<int>(),
            closed["reason"]!.GetValue<string>(), closed["frames_up"]!.GetValue<int>(), closed["frames_down"]!.GetValue<int>()));
        var handshake = await link.Bench.LedgerAsync("ledger.handshake");
        Assert.Equal((200, "upstream", "c-1"), (handshake["status"]!.GetValue<int>(), handshake["by"]!.GetValue<string>(), handshake["client"]!.GetValue<string>()));
        var labels = (await link.Bench.LedgerAsync("ledger.opened"))["labels"]!.AsObject();
        Assert.Equal(["client: c-1", "protocol: h2", "path: /connection/websocket", "region: eu"], labels.Select(label => $"{label.Key}: {label.Value}"));
    }

    [Fact]
    public async Task Many_share_a_connection_and_each_is_cut_by_itself()
    {
        await using var link = await Link.StartAsync();
        var clients = new List<ClientWebSocket>();
        for (var i = 1; i <= 20; i++)
            clients.Add(await link.ConnectAsync($"c-{i}"));
        await Task.WhenAll(clients.Select((client, i) => client.EchoAsync($"from {i}")));
        Assert.Equal(1, link.TcpConnections());
        Assert.Equal(Enumerable.Range(1, 20), link.Bench.Ledger("ledger.opened").Select(line => line["conn"]!.GetValue<int>()));
        await link.FaultOnAsync("c-7", "reset_peer");
        var failure = await Assert.ThrowsAsync<WebSocketException>(() => clients[6].ReceiveTextAsync());
        Assert.Equal(8, ErrorCode(failure));
        await Bench.Until(() => link.Server.Endings.Contains("abort"));
        var closed = await link.Bench.LedgerAsync("ledger.closed");
        Assert.Equal(("fault", "rst", "c-7", 7), (closed["by"]!.GetValue<string>(), closed["how"]!.GetValue<string>(), closed["client"]!.GetValue<string>(), closed["conn"]!.GetValue<int>()));
        await Task.WhenAll(clients.Where((_, i) => i != 6).Select(client => client.EchoAsync("still here")));
        Assert.Single(link.Bench.Ledger("ledger.closed"));
        foreach (var client in clients)
            client.Dispose();
        await Bench.Until(() => link.Bench.Ledger("ledger.closed").Length == 20);

        static long? ErrorCode(Exception? e) => e is HttpProtocolException protocol ? protocol.ErrorCode : e is null ? null : ErrorCode(e.InnerException);
    }

    [Fact]
    public async Task A_fault_on_one_leaves_the_others_of_its_connection_alone()
    {
        await using var link = await Link.StartAsync();
        using var one = await link.ConnectAsync("c-1");
        using var two = await link.ConnectAsync("c-2");
        await one.EchoAsync("warm");
        await two.EchoAsync("warm");
        await link.FaultOnAsync("c-1", "latency", new JsonObject { ["latency"] = 60 });
        Assert.True(await one.EchoAsync("slow") >= 120);
        await two.EchoAsync("fast");
        Assert.All(link.Bench.Ledger("ledger.injected"), line => Assert.Equal(1, line["conn"]!.GetValue<int>()));
        await link.Bench.Control.RemoveAllFaultsAsync();
        // Held up in the proxy, it must not take the room of the others.
        await link.FaultOnAsync("c-1", "stall", stream: "upstream");
        var stalled = one.SendTextAsync(new string('s', 6_000_000));
        for (var i = 0; i < 100; i++)
            await two.EchoAsync(new string('t', 50_000));
        Assert.False(stalled.IsCompleted);
        await link.Bench.Control.RemoveAllFaultsAsync();
        await stalled;
    }

    [Fact]
    public async Task A_black_hole_is_silence_and_a_client_that_gives_up_is_noticed()
    {
        await using var link = await Link.StartAsync();
        using var one = await link.ConnectAsync("c-1");
        using var two = await link.ConnectAsync("c-2");
        await one.EchoAsync("warm");
        await link.FaultOnAsync("c-1", "blackhole");
        await one.SendTextAsync("anybody?");
        var receive = one.ReceiveTextAsync(60_000);
        await Task.WhenAny(receive, Task.Delay(300));
        Assert.False(receive.IsCompleted);
        await two.EchoAsync("heard");
        Assert.Empty(link.Bench.Ledger("ledger.closed"));
        one.Abort();
        await Assert.ThrowsAnyAsync<Exception>(() => receive);
        var closed = await link.Bench.LedgerAsync("ledger.closed");
        Assert.Equal(("client", "c-1"), (closed["by"]!.GetValue<string>(), closed["client"]!.GetValue<string>()));
        // .NET's client ends the stream and resets it in one breath: either may be read first. The next test tells them apart.
        Assert.Contains(closed["how"]!.GetValue<string>(), new[] { "fin", "rst" });
        Assert.Empty(link.Server.Endings);
        await link.Bench.Control.RemoveAllFaultsAsync();
        await Bench.Until(() => link.Server.Endings.Contains("abort"));
        await two.EchoAsync("still here");
    }

    [Theory]
    [InlineData("rst", true)]
    [InlineData("rst", false)]
    [InlineData("fin", true)]
    [InlineData("fin", false)]
    public async Task A_stream_that_is_reset_is_told_from_one_that_ends(string how, bool atOnce)
    {
        await using var link = await Link.StartAsync();
        using var client = await RawHttp2.ConnectAsync(IPEndPoint.Parse(link.Address.Authority), "/connection/websocket?client=c-1");
        if (!atOnce) await client.AskAsync();
        await (how == "rst" ? client.ResetAsync() : client.EndAsync());
        var closed = await link.Bench.LedgerAsync("ledger.closed");
        Assert.Equal(("client", how, "c-1"), (closed["by"]!.GetValue<string>(), closed["how"]!.GetValue<string>(), closed["client"]!.GetValue<string>()));
        await Bench.Until(() => !link.Server.Endings.IsEmpty);
    }

    [Fact]
    public async Task Close_frames_come_and_go()
    {
        await using var link = await Link.StartAsync();
        using var client = await link.ConnectAsync("c-1");
        await client.EchoAsync("warm");
        await link.FaultOnAsync("c-1", "ws_close", new JsonObject { ["code"] = 1012, ["reason"] = "restart" }, stream: "downstream");
        Assert.Equal("close 1012 restart", await client.ReceiveTextAsync());
        await client.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        await Bench.Until(() => link.Server.Endings.Contains("abort"));
        Assert.Equal("ws_close", (await link.Bench.LedgerAsync("ledger.closed"))["fault"]!.GetValue<string>());
    }

    [Fact]
    public async Task Handshakes_are_refused_with_their_status()
    {
        await using var link = await Link.StartAsync();
        using var open = await link.ConnectAsync("c-1");
        await link.Bench.FaultAsync("ws_handshake", new JsonObject { ["status"] = 429 });
        await Assert.ThrowsAsync<WebSocketException>(() => link.ConnectAsync("c-2"));
        await link.Bench.LedgerAsync("ledger.handshake", line => line["status"]!.GetValue<int>() == 429);
        await open.EchoAsync("still here");
        Assert.Equal(1, link.TcpConnections());
    }

    [Fact]
    public async Task Down_cuts_the_connection_with_all_that_is_on_it()
    {
        await using var link = await Link.StartAsync();
        using var one = await link.ConnectAsync("c-1");
        using var two = await link.ConnectAsync("c-2");
        await one.EchoAsync("warm");
        await two.EchoAsync("warm");
        await link.Bench.FaultAsync("down");
        await Assert.ThrowsAsync<WebSocketException>(() => one.ReceiveTextAsync());
        await Assert.ThrowsAsync<WebSocketException>(() => two.ReceiveTextAsync());
        await Bench.Until(() => link.TcpConnections() == 0);
        Assert.All(link.Bench.Ledger("ledger.closed"), line => Assert.Equal("down", line["fault"]!.GetValue<string>()));
        await link.Bench.Control.RemoveAllFaultsAsync();
        using var again = await link.ConnectAsync("c-3");
        await again.EchoAsync("back");
    }
}
