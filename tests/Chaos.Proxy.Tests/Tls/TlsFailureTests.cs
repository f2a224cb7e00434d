using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json.Nodes;
using Chaos.Proxy.Client;
using Chaos.Proxy.Tests.Robustness;
using Chaos.Proxy.Tests.Support;

namespace Chaos.Proxy.Tests.Tls;

/// <summary>Handshakes that come to nothing, on every kind of link.</summary>
public sealed class TlsFailureTests
{
    public static TheoryData<string> Kinds => new("tcp", "websocket", "http");

    private static Task<ProxyInfo> ProxyAsync(Bench bench, string kind, string upstream, ListenTls? tls = null, UpstreamTls? upstreamTls = null) =>
        bench.Control.CreateProxyAsync(new ProxyRequest("link", "127.0.0.1:0", upstream, Kind: kind, Tls: tls, UpstreamTls: upstreamTls));

    private static async Task<JsonObject> ClosedAsync(Bench bench)
    {
        var closed = await bench.LedgerAsync("ledger.closed");
        Assert.True(closed["how"]!.GetValue<string>() == "tls", closed.ToJsonString());
        Assert.Single(bench.Ledger("ledger.opened"));
        return closed;
    }

    // A request that needs the upstream, over any kind of link.
    private static async Task<Socket> AskAsync(ProxyInfo proxy)
    {
        var socket = await Bench.ConnectAsync(IPEndPoint.Parse(proxy.Listen));
        await socket.SendAllAsync("GET / HTTP/1.1\r\nHost: upstream\r\nConnection: close\r\n\r\n"u8.ToArray());
        return socket;
    }

    [Theory]
    [InlineData("tcp", false, false, "UntrustedRoot|unable to get local issuer|not trusted")]
    [InlineData("websocket", false, false, "UntrustedRoot|unable to get local issuer|not trusted")]
    [InlineData("http", false, false, "UntrustedRoot|unable to get local issuer|not trusted")]
    [InlineData("tcp", true, false, "not for 127.0.0.1")]
    [InlineData("http", true, false, "not for 127.0.0.1")]
    [InlineData("tcp", false, true, "expired|not within its validity")]
    public async Task An_upstream_with_a_wrong_certificate_is_refused_and_the_ledger_says_why(string kind, bool otherName, bool expired, string why)
    {
        using var certificates = new TestCertificates();
        await using var bench = await Bench.StartAsync();
        var server = bench.Own(new TlsEchoServer(certificates.Make(otherName ? "another.example" : null, expired).Whole));
        var trusting = otherName || expired;
        var proxy = await ProxyAsync(bench, kind, server.Address, upstreamTls: new UpstreamTls(Ca: trusting ? certificates.Ca : null));
        if (kind == "tcp") Assert.Equal("rst", await RawClient.FateAsync(IPEndPoint.Parse(proxy.Listen)));
        else
        {
            using var client = await AskAsync(proxy);
            Assert.Equal("HTTP/1.1 502"u8.ToArray(), await client.ReadAsync(12));
        }

        var closed = await ClosedAsync(bench);
        Assert.Equal("upstream", closed["by"]!.GetValue<string>());
        Assert.Matches(why, closed["reason"]!.GetValue<string>());
        await Bench.Until(() => !server.Endings.IsEmpty);
    }

    [Fact]
    public async Task An_upstream_is_taken_by_another_name_and_without_verification()
    {
        using var certificates = new TestCertificates();
        await using var bench = await Bench.StartAsync();
        var server = bench.Own(new TlsEchoServer(certificates.Make("redis.example").Whole));
        var named = await bench.Control.CreateProxyAsync(new ProxyRequest("named", "127.0.0.1:0", server.Address, UpstreamTls: new UpstreamTls("redis.example", Ca: certificates.Ca)));
        using var one = await Bench.ConnectAsync(IPEndPoint.Parse(named.Listen));
        await one.EchoAsync("named"u8.ToArray());
        Assert.Equal(["redis.example"], server.Names);
        var lax = await bench.Control.CreateProxyAsync(new ProxyRequest("lax", "127.0.0.1:0", server.Address, UpstreamTls: new UpstreamTls(Verify: false)));
        using var two = await Bench.ConnectAsync(IPEndPoint.Parse(lax.Listen));
        await two.EchoAsync("whoever"u8.ToArray());
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_client_that_refuses_the_certificate_is_told_of(string kind)
    {
        await using var bench = await Bench.StartAsync();
        var proxy = await ProxyAsync(bench, kind, "127.0.0.1:9", new ListenTls(SelfSigned: true));
        using var socket = await Bench.ConnectAsync(IPEndPoint.Parse(proxy.Listen));
        await using var tls = new SslStream(new RefusingStream(socket));
        await Assert.ThrowsAsync<IOException>(() => tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", EnabledSslProtocols = SslProtocols.Tls12 }));
        var closed = await ClosedAsync(bench);
        Assert.Equal("client", closed["by"]!.GetValue<string>());
        Assert.Matches("TLS handshake failed: .*alert bad certificate", closed["reason"]!.GetValue<string>());
    }

    // Answers the server's first flight with the alert of one who does not like its certificate (TLS 1.2, where it can be read).
    private sealed class RefusingStream(Socket socket) : NetworkStream(socket, ownsSocket: false)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (await base.ReadAsync(buffer, cancellationToken) == 0) return 0;
            await WriteAsync(new byte[] { 21, 3, 3, 0, 2, 2, 42 }, cancellationToken);
            throw new IOException("refused");
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_client_that_does_not_talk_TLS_is_told_of(string kind)
    {
        await using var bench = await Bench.StartAsync();
        var proxy = await ProxyAsync(bench, kind, "127.0.0.1:9", new ListenTls(SelfSigned: true));
        using var client = await AskAsync(proxy);
        Assert.NotEqual("silent", await client.EndingAsync());
        var closed = await ClosedAsync(bench);
        Assert.Equal("client", closed["by"]!.GetValue<string>());
        Assert.StartsWith("TLS handshake failed: ", closed["reason"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_silent_client_is_not_waited_for_for_ever(string kind)
    {
        await using var bench = await Bench.StartAsync(tlsHandshake: TimeSpan.FromSeconds(1.5));
        var proxy = await ProxyAsync(bench, kind, "127.0.0.1:9", new ListenTls(SelfSigned: true));
        using var client = await Bench.ConnectAsync(IPEndPoint.Parse(proxy.Listen));
        Assert.NotEqual("silent", await client.EndingAsync());
        var closed = await ClosedAsync(bench);
        Assert.Equal(("client", "no TLS handshake within 1.5 s"), (closed["by"]!.GetValue<string>(), closed["reason"]!.GetValue<string>()));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_silent_upstream_is_not_waited_for_for_ever(string kind)
    {
        await using var bench = await Bench.StartAsync(tlsHandshake: TimeSpan.FromSeconds(1.5));
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        silent.Listen();
        var proxy = await ProxyAsync(bench, kind, silent.LocalEndPoint!.ToString()!, upstreamTls: new UpstreamTls(Verify: false));
        using var client = await AskAsync(proxy);
        Assert.NotEqual("silent", await client.EndingAsync());
        var closed = await ClosedAsync(bench);
        Assert.Equal(("upstream", "no TLS handshake within 1.5 s"), (closed["by"]!.GetValue<string>(), closed["reason"]!.GetValue<string>()));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_client_in_its_handshake_is_cut_when_the_link_goes_down(string kind)
    {
        await using var bench = await Bench.StartAsync();
        var proxy = await ProxyAsync(bench, kind, "127.0.0.1:9", new ListenTls(SelfSigned: true));
        using var client = await Bench.ConnectAsync(IPEndPoint.Parse(proxy.Listen));
        // The first bytes of a handshake that never goes on.
        await client.SendAllAsync(new byte[] { 22, 3, 1 });
        if (kind == "tcp") await bench.LedgerAsync("ledger.opened");
        await Task.Delay(50);
        await bench.FaultAsync("down");
        Assert.Equal("rst", await client.EndingAsync());
    }
}
