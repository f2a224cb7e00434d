using System.Net;
using System.Text.Json.Nodes;
using Chaos.Proxy.Client;
using Chaos.Proxy.Tests.Support;

namespace Chaos.Proxy.Tests.Tls;

/// <summary>TLS in the API and in the configuration file.</summary>
public sealed class TlsSettingsTests
{
    private static async Task<(int Status, JsonObject Json)> SendAsync(Bench bench, string method, string path, string body)
    {
        using var http = new HttpClient { BaseAddress = bench.Host.ControlAddress };
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new StringContent(body) };
        using var answer = await http.SendAsync(request);
        return ((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject());
    }

    [Fact]
    public async Task It_is_shown_by_both_APIs_and_absent_where_there_is_none()
    {
        await using var bench = await Bench.StartAsync();
        var made = await SendAsync(bench, "POST", "/proxies", """{"name":"a","upstream":"127.0.0.1:9","tls":{"self_signed":true},"upstream_tls":{"server_name":"x.example","verify":false}}""");
        Assert.Equal(201, made.Status);
        Assert.Equal(["self_signed", "fingerprint", "not_after", "pem"], made.Json["tls"]!.AsObject().Select(member => member.Key));
        Assert.Equal("""{"verify":false,"server_name":"x.example"}""", made.Json["upstream_tls"]!.ToJsonString());
        var whole = await SendAsync(bench, "POST", "/chaos/proxies", """{"name":"b","upstream":"127.0.0.1:9","tls":true,"upstream_tls":true}""");
        Assert.Equal(201, whole.Status);
        Assert.True(whole.Json["tls"]!["self_signed"]!.GetValue<bool>());
        Assert.Equal("""{"verify":true}""", whole.Json["upstream_tls"]!.ToJsonString());
        var none = await SendAsync(bench, "POST", "/proxies", """{"name":"c","upstream":"127.0.0.1:9","tls":false,"upstream_tls":null}""");
        Assert.False(none.Json.ContainsKey("tls") || none.Json.ContainsKey("upstream_tls"));
    }

    [Fact]
    public async Task Other_TLS_drops_connections_and_the_same_does_not()
    {
        await using var bench = await Bench.StartAsync();
        var server = bench.Own(new EchoServer());
        var proxy = await bench.Control.CreateProxyAsync(new ProxyRequest("link", "127.0.0.1:0", server.Address));
        var address = IPEndPoint.Parse(proxy.Listen);
        using var plain = await Bench.ConnectAsync(address);
        await plain.EchoAsync("1"u8.ToArray());
        var changed = await bench.Control.UpdateProxyAsync("link", new ProxyUpdate(Tls: new ListenTls(SelfSigned: true)));
        Assert.Equal((proxy.Listen, true), (changed.Listen, changed.Enabled));
        Assert.Equal("rst", await plain.EndingAsync());
        using var client = await TlsClient.ConnectAsync(address);
        await client.EchoAsync("2"u8.ToArray());
        var same = await bench.Control.UpdateProxyAsync("link", new ProxyUpdate(Tls: new ListenTls(SelfSigned: true), Upstream: server.Address));
        Assert.Equal(changed.Tls!.Fingerprint, same.Tls!.Fingerprint);
        await client.EchoAsync("3"u8.ToArray());
        // Another upstream drops connections, but clients go on to trust what they trusted.
        var moved = await bench.Control.UpdateProxyAsync("link", new ProxyUpdate(Upstream: bench.Own(new EchoServer()).Address));
        Assert.Equal(changed.Tls!.Fingerprint, moved.Tls!.Fingerprint);
        Assert.Equal("rst", await client.EndingAsync());
        using var other = await TlsClient.ConnectAsync(address);
        await other.EchoAsync("3"u8.ToArray());
        Assert.Equal(200, (await SendAsync(bench, "PATCH", "/proxies/link", """{"tls":false}""")).Status);
        Assert.Equal("rst", await other.EndingAsync());
        using var again = await Bench.ConnectAsync(address);
        await again.EchoAsync("4"u8.ToArray());
    }

    [Fact]
    public async Task An_update_that_cannot_be_leaves_everything_as_it_is()
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.TcpAsync();
        using var client = await Bench.ConnectAsync(address);
        await client.EchoAsync("1"u8.ToArray());
        Assert.Equal(400, (await SendAsync(bench, "PATCH", "/chaos/proxies/link", """{"tls":{"certificate":"/nowhere.pem"}}""")).Status);
        await client.EchoAsync("2"u8.ToArray());
        Assert.True((await bench.Control.GetProxyAsync("link")).Enabled);
    }

    [Theory]
    [InlineData("\"tls\":5", "tls: must be true, false or an object")]
    [InlineData("\"tls\":{}", "tls: needs either certificate, with key, or self_signed: true")]
    [InlineData("\"tls\":{\"self_signed\":true,\"certificate\":\"a\"}", "tls: needs either certificate")]
    [InlineData("\"tls\":{\"self_signed\":true,\"key\":\"a\"}", "tls: key needs a certificate")]
    [InlineData("\"tls\":{\"self_signed\":\"yes\"}", "tls.self_signed: must be true, false")]
    [InlineData("\"tls\":{\"cert\":\"a\"}", "tls.cert: unknown; known are: certificate, key, self_signed")]
    [InlineData("\"tls\":{\"certificate\":7}", "tls.certificate: must be a text")]
    [InlineData("\"tls\":{\"certificate\":\"/nowhere.pem\"}", "tls: /nowhere.pem: Could not find file")]
    [InlineData("\"upstream_tls\":{\"verify\":1}", "upstream_tls.verify: must be true, false")]
    [InlineData("\"upstream_tls\":{\"sni\":\"a\"}", "upstream_tls.sni: unknown; known are: server_name, verify, ca")]
    [InlineData("\"upstream_tls\":{\"ca\":\"/nowhere.pem\"}", "upstream_tls: /nowhere.pem: Could not find file")]
    public async Task What_cannot_be_is_told(string member, string error)
    {
        await using var bench = await Bench.StartAsync();
        foreach (var path in new[] { "/proxies", "/chaos/proxies" })
        {
            var refused = await SendAsync(bench, "POST", path, $$"""{"name":"a","upstream":"127.0.0.1:9",{{member}}}""");
            Assert.Equal(400, refused.Status);
            Assert.Contains(error, refused.Json["error"]!.GetValue<string>(), StringComparison.Ordinal);
        }
        Assert.Empty(await bench.Control.GetProxiesAsync());
    }

    [Fact]
    public async Task Files_that_hold_something_else_are_told()
    {
        using var certificates = new TestCertificates();
        await using var bench = await Bench.StartAsync();
        var (certificate, _, _) = certificates.Make();
        var (_, otherKey, _) = certificates.Make();
        var mismatch = await Assert.ThrowsAsync<ControlException>(() => bench.Control.CreateProxyAsync(new ProxyRequest("a", "127.0.0.1:0", "127.0.0.1:9", Tls: new ListenTls(certificate, otherKey))));
        Assert.Equal(400, mismatch.Status);
        Assert.Contains(otherKey, mismatch.Message, StringComparison.Ordinal);
        var empty = certificates.Write("empty.pem", "nothing");
        var noRoot = await Assert.ThrowsAsync<ControlException>(() => bench.Control.CreateProxyAsync(new ProxyRequest("a", "127.0.0.1:0", "127.0.0.1:9", UpstreamTls: new UpstreamTls(Ca: empty))));
        Assert.Contains("there is no certificate in it", noRoot.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_configuration_file_has_it_too()
    {
        using var certificates = new TestCertificates();
        var (certificate, key, _) = certificates.Make();
        await using var server = new EchoServer();
        var config = certificates.Write("proxies.json", $$"""[{"name":"link","listen":"127.0.0.1:0","upstream":"{{server.Address}}","tls":{"certificate":"{{certificate}}","key":"{{key}}"} }]""");
        await using var host = await ProxyHost.StartAsync(new ProxyHostOptions { Listen = "127.0.0.1:0", ConfigFile = config });
        using var control = new ControlClient(host.ControlAddress);
        var proxy = await control.GetProxyAsync("link");
        using var client = await TlsClient.ConnectAsync(IPEndPoint.Parse(proxy.Listen));
        await client.EchoAsync("configured"u8.ToArray());
    }
}
