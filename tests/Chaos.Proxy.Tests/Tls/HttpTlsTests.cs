using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Chaos.Proxy.Client;
using Chaos.Proxy.Tests.Http;
using Chaos.Proxy.Tests.Support;

namespace Chaos.Proxy.Tests.Tls;

/// <summary>wss:// and https:// through WebSocket and HTTP links.</summary>
public sealed class HttpTlsTests
{
    private static async Task<(WebSocketEchoServer Server, ProxyInfo Proxy)> WebSocketAsync(Bench bench, TestCertificates certificates)
    {
        var server = bench.Own(await WebSocketEchoServer.StartAsync(certificates.Make().Whole));
        return (server, await bench.Control.CreateProxyAsync(new ProxyRequest("link", "127.0.0.1:0", server.Address, Kind: "websocket",
            Tls: new ListenTls(SelfSigned: true), UpstreamTls: new UpstreamTls(Ca: certificates.Ca))));
    }

    // Trusts the proxy's certificate alone.
    private static SslClientAuthenticationOptions Trusting(ProxyInfo proxy)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(X509Certificate2.CreateFromPem(proxy.Tls!.Pem));
        return new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
    }

    private static async Task<ClientWebSocket> ConnectAsync(ProxyInfo proxy)
    {
        var client = new ClientWebSocket();
        client.Options.KeepAliveInterval = TimeSpan.Zero;
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler { SslOptions = Trusting(proxy) });
        await client.ConnectAsync(new Uri($"wss://{proxy.Listen}/connection/websocket?client=c-1"), invoker, CancellationToken.None);
        return client;
    }

    [Fact]
    public async Task A_websocket_passes_and_ends_with_its_close_frame()
    {
        using var certificates = new TestCertificates();
        await using var bench = await Bench.StartAsync();
        var (server, proxy) = await WebSocketAsync(bench, certificates);
        using var client = await ConnectAsync(proxy);
        for (var i = 0; i < 10; i++)
            await client.EchoAsync($"message {i} {new string('x', i * 5000)}");
        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", CancellationToken.None);
        var closed = await bench.LedgerAsync("ledger.closed");
        Assert.Equal(["close 1000"], server.Endings);
        Assert.Equal(("client", "close", 11, 11, "c-1"), (closed["by"]!.GetValue<string>(), closed["how"]!.GetValue<string>(),
            closed["frames_up"]!.GetValue<int>(), closed["frames_down"]!.GetValue<int>(), closed["client"]!.GetValue<string>()));
        Assert.Single(bench.Ledger("ledger.opened"));
    }

    [Fact]
    public async Task Faults_act_on_frames()
    {
        using var certificates = new TestCertificates();
        await using var bench = await Bench.StartAsync();
        var (server, proxy) = await WebSocketAsync(bench, certificates);
        using var client = await ConnectAsync(proxy);
        await client.EchoAsync("warm");
        await bench.FaultAsync("latency", new JsonObject { ["latency"] = 60 });
        Assert.True(await client.EchoAsync("slow") >= 120);
        await bench.Control.RemoveAllFaultsAsync();
        await bench.FaultAsync("ws_close", new JsonObject { ["code"] = 1012 }, stream: "downstream");
        Assert.Equal("close 1012", await client.ReceiveTextAsync());
        client.Dispose();
        await Bench.Until(() => server.Endings.Contains("abort"));
    }

    [Fact]
    public async Task A_reset_is_a_reset()
    {
        using var certificates = new TestCertificates();
        await using var bench = await Bench.StartAsync();
        var (server, proxy) = await WebSocketAsync(bench, certificates);
        using var client = await ConnectAsync(proxy);
        await client.EchoAsync("warm");
        await bench.FaultAsync("reset_peer");
        var failure = await Assert.ThrowsAsync<WebSocketException>(() => client.ReceiveTextAsync());
        Assert.Contains(nameof(SocketError.ConnectionReset), Innermost(failure), StringComparison.Ordinal);
        await Bench.Until(() => server.Endings.Contains("abort"));

        static string Innermost(Exception e) => e.InnerException is null ? (e as SocketException)?.SocketErrorCode.ToString() ?? e.Message : Innermost(e.InnerException);
    }

    [Fact]
    public async Task A_connection_that_ends_in_order_ends_with_a_close_notify()
    {
        using var certificates = new TestCertificates();
        await using var bench = await Bench.StartAsync();
        var upstream = bench.Own(new TlsEchoServer(certificates.Make().Whole));
        var proxy = await bench.Control.CreateProxyAsync(new ProxyRequest("link", "127.0.0.1:0", upstream.Address, Kind: "http",
            Tls: new ListenTls(SelfSigned: true), UpstreamTls: new UpstreamTls(Ca: certificates.Ca)));
        using var client = await TlsClient.ConnectAsync(IPEndPoint.Parse(proxy.Listen));
        // What comes back is its own request, which is no answer: the proxy says so, and closes both sides.
        await client.Stream.WriteAsync("GET / HTTP/1.1\r\nHost: upstream\r\nConnection: close\r\n\r\n"u8.ToArray());
        Assert.Equal("HTTP/1.1 502", Encoding.ASCII.GetString(await client.ReadAsync(12)));
        Assert.Equal("close_notify", await client.EndingAsync());
        await Bench.Until(() => !upstream.Endings.IsEmpty);
        Assert.Equal("close_notify", upstream.Endings.First());
    }

    [Fact]
    public async Task An_orderly_end_by_a_fault_has_a_close_notify_on_both_sides()
    {
        using var certificates = new TestCertificates();
        await using var bench = await Bench.StartAsync();
        var upstream = bench.Own(new TlsEchoServer(certificates.Make().Whole, silent: true));
        var proxy = await bench.Control.CreateProxyAsync(new ProxyRequest("link", "127.0.0.1:0", upstream.Address, Kind: "http",
            Tls: new ListenTls(SelfSigned: true), UpstreamTls: new UpstreamTls(Ca: certificates.Ca)));
        using var client = await TlsClient.ConnectAsync(IPEndPoint.Parse(proxy.Listen));
        await client.Stream.WriteAsync("GET / HTTP/1.1\r\nHost: upstream\r\n\r\n"u8.ToArray());
        await Bench.Until(() => upstream.Received > 0);
        await bench.FaultAsync("close_after", new JsonObject { ["time"] = 0 });
        Assert.Equal("close_notify", await client.EndingAsync());
        await Bench.Until(() => upstream.Endings.Contains("close_notify"));
    }

    [Fact]
    public async Task Plain_requests_pass_and_their_faults_act()
    {
        using var certificates = new TestCertificates();
        await using var bench = await Bench.StartAsync();
        var upstream = bench.Own(await HttpUpstream.StartAsync(certificates.Make().Whole));
        var proxy = await bench.Control.CreateProxyAsync(new ProxyRequest("link", "127.0.0.1:0", upstream.Address, Kind: "http",
            Tls: new ListenTls(SelfSigned: true), UpstreamTls: new UpstreamTls(Ca: certificates.Ca)));
        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = Trusting(proxy) }) { BaseAddress = new Uri($"https://{proxy.Listen}") };
        Assert.Equal("hello", await http.GetStringAsync(new Uri("/hello", UriKind.Relative)));
        var data = new byte[1_000_000];
        new Random(1).NextBytes(data);
        using var echoed = await http.PostAsync(new Uri("/echo", UriKind.Relative), new ByteArrayContent(data));
        Assert.Equal(data, await echoed.Content.ReadAsByteArrayAsync());
        await bench.FaultAsync("http_status", new JsonObject { ["status"] = 503 });
        using var refused = await http.GetAsync(new Uri("/hello", UriKind.Relative));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        await bench.Control.RemoveAllFaultsAsync();
        await bench.FaultAsync("http_abort", new JsonObject { ["where"] = "answer", ["bytes"] = 50_000 });
        using var client = await TlsClient.ConnectAsync(IPEndPoint.Parse(proxy.Listen));
        await client.Stream.WriteAsync("GET /bytes?n=1000000 HTTP/1.1\r\nHost: upstream\r\n\r\n"u8.ToArray());
        Assert.Equal(50_000, await BodyBytesAsync(client));
        Assert.Equal("rst", await client.EndingAsync());
    }

    private static async Task<int> BodyBytesAsync(TlsClient client)
    {
        var head = "";
        while (!head.EndsWith("\r\n\r\n", StringComparison.Ordinal))
            head += (char)(await client.ReadAsync(1))[0];
        return (await client.ReadAsync(50_000)).Length;
    }
}
