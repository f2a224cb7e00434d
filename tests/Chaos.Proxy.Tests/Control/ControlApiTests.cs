using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Chaos.Proxy.Tests.Support;

namespace Chaos.Proxy.Tests.Control;

public sealed class ControlApiTests
{
    private static async Task<(int Status, JsonNode? Json)> SendAsync(Bench bench, string method, string path, string? body = null, bool chunked = false)
    {
        using var http = new HttpClient { BaseAddress = bench.Host.ControlAddress };
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            // No Content-Type: the server must not look at it.
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            if (chunked) request.Headers.TransferEncodingChunked = true;
        }
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.StartsWith('{') || text.StartsWith('[') ? JsonNode.Parse(text) : null);
    }

    private static async Task ExpectErrorAsync(Bench bench, string method, string path, string? body, int status, string error)
    {
        var answer = await SendAsync(bench, method, path, body);
        Assert.Equal((status, error, status), (answer.Status, answer.Json!["error"]!.GetValue<string>(), answer.Json["status"]!.GetValue<int>()));
    }

    [Fact]
    public async Task Faults_of_the_harness_are_strict_and_hidden_from_toxics()
    {
        await using var bench = await Bench.StartAsync();
        await bench.TcpAsync("p");
        var bad = await SendAsync(bench, "POST", "/chaos/proxies/p/faults", """{"name":"x","type":"latency","attributes":{"latency":-5,"nonsense":1},"toxicity":2}""");
        Assert.Equal(400, bad.Status);
        var error = bad.Json!["error"]!.GetValue<string>();
        Assert.Contains("latency must be from 0", error, StringComparison.Ordinal);
        Assert.Contains("nonsense is unknown", error, StringComparison.Ordinal);
        Assert.Contains("toxicity must be from 0 to 1", error, StringComparison.Ordinal);
        Assert.Equal(400, (await SendAsync(bench, "POST", "/chaos/proxies/p/faults", """{"name":"x","type":"ws_close"}""")).Status);
        Assert.Equal(400, (await SendAsync(bench, "POST", "/chaos/proxies/p/faults", """{"name":"x","type":"loss"}""")).Status);
        Assert.Equal(200, (await SendAsync(bench, "POST", "/chaos/proxies/p/faults", """{"name":"x","type":"loss","stream":"both","attributes":{"p":0.1}}""")).Status);
        Assert.Equal(409, (await SendAsync(bench, "POST", "/chaos/proxies/p/faults", """{"name":"x","type":"latency"}""")).Status);
        Assert.Empty((await SendAsync(bench, "GET", "/proxies/p/toxics")).Json!.AsArray());
        Assert.Single((await SendAsync(bench, "GET", "/chaos/proxies/p/faults")).Json!.AsArray());
        Assert.Equal("p", (await SendAsync(bench, "GET", "/chaos/faults")).Json![0]!["proxy"]!.GetValue<string>());
        Assert.Equal(404, (await SendAsync(bench, "POST", "/chaos/proxies/p/faults/none/renew")).Status);
        Assert.Equal(204, (await SendAsync(bench, "DELETE", "/chaos/faults")).Status);
        Assert.Empty((await SendAsync(bench, "GET", "/chaos/faults")).Json!.AsArray());
    }

    [Fact]
    public async Task A_token_is_needed_off_loopback_and_then_asked_for()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => ProxyHost.StartAsync(new ProxyHostOptions { Listen = "0.0.0.0:0" }));
        await using var host = await ProxyHost.StartAsync(new ProxyHostOptions { Listen = "127.0.0.1:0", ControlToken = "secret" });
        using var without = new Client.ControlClient(host.ControlAddress);
        Assert.Equal(401, (await Assert.ThrowsAsync<Client.ControlException>(() => without.GetProxiesAsync())).Status);
        using var with = new Client.ControlClient(host.ControlAddress, "secret");
        Assert.Empty(await with.GetProxiesAsync());
    }
}
