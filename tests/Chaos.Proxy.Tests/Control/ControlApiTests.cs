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
    public async Task Proxies_are_made_shown_changed_and_deleted_as_in_Toxiproxy()
    {
        await using var bench = await Bench.StartAsync();
        var made = await SendAsync(bench, "POST", "/proxies", """{"Name":"a","Listen":"127.0.0.1:0","UpStream":"127.0.0.1:9","Enabled":null,"extra":1}""", chunked: true);
        Assert.Equal(201, made.Status);
        Assert.Equal(["name", "listen", "upstream", "enabled", "toxics", "kind"], made.Json!.AsObject().Select(member => member.Key));
        Assert.True(made.Json["enabled"]!.GetValue<bool>());
        Assert.DoesNotContain(":0", made.Json["listen"]!.GetValue<string>().Replace("127.0.0.1", "", StringComparison.Ordinal)[..2], StringComparison.Ordinal);
        await ExpectErrorAsync(bench, "POST", "/proxies", """{"name":"a","upstream":"127.0.0.1:9"}""", 409, "proxy already exists");
        await ExpectErrorAsync(bench, "POST", "/proxies", """{"upstream":"127.0.0.1:9"}""", 400, "missing required field: name");
        await ExpectErrorAsync(bench, "POST", "/proxies", """{"name":"b"}""", 400, "missing required field: upstream");
        await ExpectErrorAsync(bench, "GET", "/proxies/none", null, 404, "proxy not found");
        await ExpectErrorAsync(bench, "DELETE", "/proxies/none", null, 404, "proxy not found");
        var broken = await SendAsync(bench, "POST", "/proxies", "{");
        Assert.Equal(400, broken.Status);
        Assert.StartsWith("bad request body: ", broken.Json!["error"]!.GetValue<string>(), StringComparison.Ordinal);
        var all = await SendAsync(bench, "GET", "/proxies");
        Assert.Equal("a", all.Json!["a"]!["name"]!.GetValue<string>());
        var changed = await SendAsync(bench, "PATCH", "/proxies/a", """{"enabled":false}""");
        Assert.Equal((200, false), (changed.Status, changed.Json!["enabled"]!.GetValue<bool>()));
        Assert.Equal(204, (await SendAsync(bench, "POST", "/reset")).Status);
        Assert.True((await SendAsync(bench, "GET", "/proxies/a")).Json!["enabled"]!.GetValue<bool>());
        Assert.Equal(204, (await SendAsync(bench, "DELETE", "/proxies/a")).Status);
        Assert.Equal("{}", (await SendAsync(bench, "GET", "/proxies")).Json!.ToJsonString());
        var taken = bench.Host.ControlAddress.Authority;
        var inUse = await SendAsync(bench, "POST", "/proxies", $$"""{"name":"c","listen":"{{taken}}","upstream":"127.0.0.1:9"}""");
        Assert.Equal(500, inUse.Status);
        Assert.Contains("address already in use", inUse.Json!["error"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Toxics_have_the_names_defaults_and_errors_of_Toxiproxy()
    {
        await using var bench = await Bench.StartAsync();
        await bench.TcpAsync("p");
        var made = await SendAsync(bench, "POST", "/proxies/p/toxics", """{"type":"latency","attributes":{"latency":100}}""");
        Assert.Equal(200, made.Status);
        Assert.Equal(("latency_downstream", "downstream", 1.0), (made.Json!["name"]!.GetValue<string>(), made.Json["stream"]!.GetValue<string>(), made.Json["toxicity"]!.GetValue<double>()));
        await ExpectErrorAsync(bench, "POST", "/proxies/p/toxics", """{"type":"latency"}""", 409, "toxic already exists");
        await ExpectErrorAsync(bench, "POST", "/proxies/p/toxics", """{"type":"nonsense","stream":"sideways"}""", 400, "stream was invalid, can be either upstream or downstream");
        await ExpectErrorAsync(bench, "POST", "/proxies/p/toxics", """{"type":"nonsense"}""", 400, "invalid toxic type");
        await ExpectErrorAsync(bench, "POST", "/proxies/none/toxics", """{"type":"latency"}""", 404, "proxy not found");
        await ExpectErrorAsync(bench, "GET", "/proxies/p/toxics/none", null, 404, "toxic not found");
        Assert.Equal(400, (await SendAsync(bench, "POST", "/proxies/p/toxics", """{"type":"bandwidth","attributes":{"rate":-1}}""")).Status);
        var changed = await SendAsync(bench, "POST", "/proxies/p/toxics/latency_downstream", """{"attributes":{"jitter":5},"toxicity":0.5}""");
        Assert.Equal((200, 100, 5, 0.5), (changed.Status, changed.Json!["attributes"]!["latency"]!.GetValue<int>(), changed.Json["attributes"]!["jitter"]!.GetValue<int>(), changed.Json["toxicity"]!.GetValue<double>()));
        Assert.Single((await SendAsync(bench, "GET", "/proxies/p/toxics")).Json!.AsArray());
        Assert.Equal(204, (await SendAsync(bench, "DELETE", "/proxies/p/toxics/latency_downstream")).Status);
        Assert.Empty((await SendAsync(bench, "GET", "/proxies/p/toxics")).Json!.AsArray());
    }

    [Fact]
    public async Task Populate_checks_all_first_and_leaves_an_identical_proxy_alone()
    {
        await using var bench = await Bench.StartAsync();
        var bad = await SendAsync(bench, "POST", "/populate", """[{"name":"a","upstream":"127.0.0.1:9"},{"upstream":"127.0.0.1:9"}]""");
        Assert.Equal((400, "missing required field: name at proxy 2"), (bad.Status, bad.Json!["error"]!.GetValue<string>()));
        Assert.Empty((await SendAsync(bench, "GET", "/proxies")).Json!.AsObject());
        const string Proxies = """[{"name":"a","listen":"127.0.0.1:0","upstream":"127.0.0.1:9"}]""";
        var first = await SendAsync(bench, "POST", "/populate", Proxies);
        Assert.Equal(201, first.Status);
        await SendAsync(bench, "POST", "/proxies/a/toxics", """{"type":"latency"}""");
        var second = await SendAsync(bench, "POST", "/populate", Proxies);
        Assert.Single(second.Json!["proxies"]![0]!["toxics"]!.AsArray());
        Assert.Equal(first.Json!["proxies"]![0]!["listen"]!.GetValue<string>(), second.Json["proxies"]![0]!["listen"]!.GetValue<string>());
        var third = await SendAsync(bench, "POST", "/populate", """[{"name":"a","listen":"127.0.0.1:0","upstream":"127.0.0.1:10"}]""");
        Assert.Empty(third.Json!["proxies"]![0]!["toxics"]!.AsArray());
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
    public async Task Browsers_are_turned_away_and_the_version_is_told()
    {
        await using var bench = await Bench.StartAsync();
        using var http = new HttpClient { BaseAddress = bench.Host.ControlAddress };
        http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", "Mozilla/5.0 (X11)");
        Assert.Equal(HttpStatusCode.Forbidden, (await http.GetAsync(new Uri("/proxies", UriKind.Relative))).StatusCode);
        Assert.StartsWith("2.", await bench.Control.VersionAsync(), StringComparison.Ordinal);
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

    [Fact]
    public async Task Metrics_count_connections_bytes_and_injections()
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.TcpAsync("p");
        await bench.FaultAsync("latency", new JsonObject { ["latency"] = 1 }, link: "p");
        using var client = await Bench.ConnectAsync(address);
        await client.EchoAsync("12345"u8.ToArray());
        var metrics = await bench.Control.MetricsAsync();
        Assert.Contains("chaos_proxy_connections_total{", metrics, StringComparison.Ordinal);
        Assert.Matches("chaos_proxy_bytes_total\\{[^}]*direction=\"upstream\"[^}]*\\} 5\\b", metrics);
        Assert.Matches("chaos_proxy_injected_total\\{[^}]*type=\"latency\"[^}]*\\} [12]\\b", metrics);
    }
}
