using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Chaos.Proxy.Client;
using Chaos.Proxy.Tests.Support;

namespace Chaos.Proxy.Tests.Tls;

public sealed class TcpTlsTests
{
    private static async Task<(TlsEchoServer Server, IPEndPoint Address)> StartAsync(Bench bench, TestCertificates certificates)
    {
        var server = bench.Own(new TlsEchoServer(certificates.Make().Whole));
        var proxy = await bench.Control.CreateProxyAsync(new ProxyRequest("link", "127.0.0.1:0", server.Address,
            Tls: new ListenTls(SelfSigned: true), UpstreamTls: new UpstreamTls(Ca: certificates.Ca)));
        return (server, IPEndPoint.Parse(proxy.Listen));
    }

    [Fact]
    public async Task Data_passes_over_TLS_on_both_sides_and_the_ledger_counts_what_is_in_it()
    {
        using var certificates = new TestCertificates();
        await using var bench = await Bench.StartAsync();
        var (server, address) = await StartAsync(bench, certificates);
        using var client = await TlsClient.ConnectAsync(address);
        await client.EchoAsync("hello"u8.ToArray());
        var data = RandomNumberGenerator.GetBytes(2_000_000);
        await client.EchoAsync(data);
        await client.Stream.ShutdownAsync();
        client.Socket.Shutdown(SocketShutdown.Send);
        // The other direction is open still, and ends by itself.
        Assert.Equal("bye"u8.ToArray(), await client.ReadAsync(3));
        Assert.Equal("close_notify", await client.EndingAsync());
        Assert.Equal(["close_notify"], server.Endings);
        var closed = await bench.LedgerAsync("ledger.closed");
        Assert.Equal(("client", "fin"), (closed["by"]!.GetValue<string>(), closed["how"]!.GetValue<string>()));
        Assert.Equal((2_000_005, 2_000_008), (closed["bytes_up"]!.GetValue<long>(), closed["bytes_down"]!.GetValue<long>()));
    }

    [Fact]
    public async Task Plain_clients_reach_a_TLS_upstream_and_TLS_clients_a_plain_one()
    {
        using var certificates = new TestCertificates();
        await using var bench = await Bench.StartAsync();
        var secured = bench.Own(new TlsEchoServer(certificates.Make().Whole));
        var plain = bench.Own(new EchoServer());
        var up = await bench.Control.CreateProxyAsync(new ProxyRequest("up", "127.0.0.1:0", secured.Address, UpstreamTls: new UpstreamTls(Ca: certificates.Ca)));
        var down = await bench.Control.CreateProxyAsync(new ProxyRequest("down", "127.0.0.1:0", plain.Address, Tls: new ListenTls(SelfSigned: true)));
        using var clear = await Bench.ConnectAsync(IPEndPoint.Parse(up.Listen));
        await clear.EchoAsync("hello"u8.ToArray());
        clear.Shutdown(SocketShutdown.Send);
        Assert.Equal("bye"u8.ToArray(), await clear.ReadAsync(3));
        Assert.Equal("fin", await clear.EndingAsync());
        Assert.Equal(["close_notify"], secured.Endings);
        using var client = await TlsClient.ConnectAsync(IPEndPoint.Parse(down.Listen));
        await client.EchoAsync("hello"u8.ToArray());
        await client.Stream.ShutdownAsync();
        client.Socket.Shutdown(SocketShutdown.Send);
        Assert.Equal("close_notify", await client.EndingAsync());
        Assert.Equal(["fin"], plain.Endings);
    }

    [Fact]
    public async Task Faults_act_on_what_is_in_it()
    {
        using var certificates = new TestCertificates();
        await using var bench = await Bench.StartAsync();
        var (_, address) = await StartAsync(bench, certificates);
        using var client = await TlsClient.ConnectAsync(address);
        await client.EchoAsync("warm"u8.ToArray());
        await bench.FaultAsync("latency", new JsonObject { ["latency"] = 60 });
        Assert.True(await client.EchoAsync("seven b"u8.ToArray()) >= 120);
        await Bench.Until(() => bench.Ledger("ledger.injected").Length == 2);
        Assert.All(bench.Ledger("ledger.injected"), line => Assert.Equal(7, line["bytes"]!.GetValue<int>()));
        await bench.Control.RemoveFaultAsync("link", "latency");
        await bench.FaultAsync("bandwidth", new JsonObject { ["rate"] = 500 });
        Assert.True(await client.EchoAsync(new byte[100_000]) >= 190);
        await bench.Control.RemoveFaultAsync("link", "bandwidth");
        await bench.FaultAsync("blackhole");
        await client.Stream.WriteAsync("lost"u8.ToArray());
        var read = client.Stream.ReadAsync(new byte[10]).AsTask();
        await Task.WhenAny(read, Task.Delay(200));
        Assert.False(read.IsCompleted);
        client.Dispose();
        Assert.Equal("client", (await bench.LedgerAsync("ledger.closed"))["by"]!.GetValue<string>());
        await Assert.ThrowsAnyAsync<Exception>(() => read);
    }

    [Fact]
    public async Task Bytes_are_identical_while_faults_come_and_go()
    {
        using var certificates = new TestCertificates();
        await using var bench = await Bench.StartAsync();
        var (_, address) = await StartAsync(bench, certificates);
        using var client = await TlsClient.ConnectAsync(address);
        var random = new Random(3);
        var traffic = Task.Run(async () =>
        {
            var sizes = new Random(4);
            for (var i = 0; i < 150; i++)
            {
                var data = new byte[sizes.Next(1, 60_000)];
                sizes.NextBytes(data);
                await client.EchoAsync(data);
            }
        });
        while (!traffic.IsCompleted)
        {
            await bench.FaultAsync("latency", new JsonObject { ["latency"] = 3, ["jitter"] = 3 });
            await Task.WhenAny(traffic, Task.Delay(random.Next(20)));
            await bench.Control.RemoveAllFaultsAsync();
            await Task.WhenAny(traffic, Task.Delay(random.Next(10)));
        }
        await traffic;
    }

    [Fact]
    public async Task A_reset_is_a_reset_on_both_sockets()
    {
        using var certificates = new TestCertificates();
        await using var bench = await Bench.StartAsync();
        var (server, address) = await StartAsync(bench, certificates);
        using var client = await TlsClient.ConnectAsync(address);
        await client.EchoAsync("warm"u8.ToArray());
        await bench.FaultAsync("reset_peer");
        Assert.Equal("rst", await client.EndingAsync());
        await Bench.Until(() => server.Endings.Contains("rst"));
    }

    [Fact]
    public async Task A_reset_by_the_upstream_reaches_the_client_as_a_reset_and_the_other_way_round()
    {
        using var certificates = new TestCertificates();
        await using var bench = await Bench.StartAsync();
        var (server, address) = await StartAsync(bench, certificates);
        using var client = await TlsClient.ConnectAsync(address);
        await client.EchoAsync("warm"u8.ToArray());
        foreach (var connection in server.Connections)
            Reset(connection);
        Assert.Equal("rst", await client.EndingAsync());
        var closed = await bench.LedgerAsync("ledger.closed");
        Assert.Equal(("upstream", "rst"), (closed["by"]!.GetValue<string>(), closed["how"]!.GetValue<string>()));
        using var other = await TlsClient.ConnectAsync(address);
        await other.EchoAsync("warm"u8.ToArray());
        var endings = server.Endings.Count;
        Reset(other.Socket);
        await Bench.Until(() => server.Endings.Count > endings);
        Assert.Equal("rst", server.Endings.Last());

        static void Reset(Socket socket)
        {
            socket.LingerState = new LingerOption(true, 0);
            socket.Close();
        }
    }

    [Fact]
    public async Task An_orderly_end_by_a_fault_has_a_close_notify_on_both_sides()
    {
        using var certificates = new TestCertificates();
        await using var bench = await Bench.StartAsync();
        var (server, address) = await StartAsync(bench, certificates);
        using var client = await TlsClient.ConnectAsync(address);
        await client.EchoAsync("warm"u8.ToArray());
        await bench.FaultAsync("close_after", new JsonObject { ["time"] = 0 });
        Assert.Equal("close_notify", await client.EndingAsync());
        await Bench.Until(() => server.Endings.Contains("close_notify"));
    }

    [Fact]
    public async Task The_self_signed_certificate_is_shown_and_can_be_trusted()
    {
        await using var bench = await Bench.StartAsync();
        var server = bench.Own(new EchoServer());
        var proxy = await bench.Control.CreateProxyAsync(new ProxyRequest("link", "127.0.0.1:0", server.Address, Tls: new ListenTls(SelfSigned: true)));
        using var certificate = X509Certificate2.CreateFromPem(proxy.Tls!.Pem);
        Assert.Equal(proxy.Tls.Fingerprint.Replace(":", "", StringComparison.Ordinal), Convert.ToHexString(certificate.GetCertHash(HashAlgorithmName.SHA256)));
        Assert.True(proxy.Tls.NotAfter > TimeProvider.System.GetUtcNow().AddDays(300));
        foreach (var host in new[] { "localhost", "127.0.0.1" })
        {
            using var client = await TlsClient.ConnectAsync(IPEndPoint.Parse(proxy.Listen), certificate, host);
            await client.EchoAsync("trusted"u8.ToArray());
        }
    }

    [Fact]
    public async Task A_certificate_from_files_is_shown_to_clients()
    {
        using var certificates = new TestCertificates();
        await using var bench = await Bench.StartAsync();
        var server = bench.Own(new EchoServer());
        var made = certificates.Make("proxy.example");
        var proxy = await bench.Control.CreateProxyAsync(new ProxyRequest("link", "127.0.0.1:0", server.Address, Tls: new ListenTls(made.Certificate, made.Key)));
        Assert.Null(proxy.Tls!.Pem);
        using var root = X509CertificateLoader.LoadCertificateFromFile(certificates.Ca);
        using var client = await TlsClient.ConnectAsync(IPEndPoint.Parse(proxy.Listen), root, "proxy.example");
        await client.EchoAsync("trusted"u8.ToArray());
        await Assert.ThrowsAsync<AuthenticationException>(() => TlsClient.ConnectAsync(IPEndPoint.Parse(proxy.Listen), root, "another.example"));
    }
}
