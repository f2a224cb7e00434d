using System.Net;
using System.Text;
using Chaos.Proxy.Tests.Support;

namespace Chaos.Proxy.Tests.Control;

/// <summary>The HTTP around the API: headers, paths, methods, browsers and tokens.</summary>
public sealed class HttpMannersTests
{
    private static async Task<T> WithAsync<T>(Func<Wire, Task<T>> ask, string? token = null)
    {
        await using var bench = await Bench.StartAsync(token: token);
        using var wire = new Wire(bench);
        return await ask(wire);
    }

    [Theory]
    [InlineData("GET /version", 200, "application/json;charset=utf-8", "{\"version\": \"2.12.0\"}\n")]
    [InlineData("GET /proxies", 200, "application/json", "{}")]
    [InlineData("GET /proxies/none", 404, "text/plain; charset=utf-8", "{\"error\":\"proxy not found\",\"status\":404}\n")]
    [InlineData("POST /populate {", 400, "application/json", "{\"error\":\"bad request body: unexpected EOF\",\"status\":400,\"proxies\":[]}")]
    [InlineData("POST /reset anything", 204, null, "")]
    [InlineData("GET /nothing", 404, "text/plain; charset=utf-8", "404 page not found\n")]
    [InlineData("GET /proxies/", 404, "text/plain; charset=utf-8", "404 page not found\n")]
    [InlineData("GET /Proxies", 404, "text/plain; charset=utf-8", "404 page not found\n")]
    [InlineData("PUT /proxies {}", 405, null, "")]
    [InlineData("HEAD /proxies", 405, null, "")]
    [InlineData("GET /chaos/proxies/none/faults", 404, "application/json", "{\"error\":\"proxy not found\",\"status\":404}")]
    public async Task Answers_have_the_type_and_the_last_newline_of_toxiproxys(string request, int status, string? contentType, string body)
    {
        var answer = await WithAsync(async wire =>
        {
            using var response = await wire.RawAsync(request);
            return ((int)response.StatusCode, response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var type) ? type.ToString() : null, await response.Content.ReadAsStringAsync());
        });
        Assert.Equal((status, contentType, body), answer);
    }

    [Theory]
    [InlineData("GET /proxies", true)]
    [InlineData("GET /proxies/none", true)]
    [InlineData("GET /nothing", false)]
    public async Task Every_answer_of_a_route_has_a_request_id(string request, bool has) => Assert.Equal(has, await WithAsync(async wire =>
    {
        using var response = await wire.RawAsync(request);
        return response.Headers.Contains("X-Toxiproxy-Request-Id");
    }));

    [Theory]
    [InlineData("GET //proxies", "/proxies")]
    [InlineData("GET /proxies//a%20b?x=1", "/proxies/a%20b?x=1")]
    public async Task Doubled_slashes_are_redirected(string request, string location)
    {
        var answer = await WithAsync(async wire =>
        {
            using var response = await wire.RawAsync(request);
            return (response.StatusCode, response.Headers.GetValues("Location").Single());
        });
        Assert.Equal((HttpStatusCode.MovedPermanently, location), answer);
    }

    [Theory]
    [InlineData("GET /proxies", 403)]
    [InlineData("GET /version", 403)]
    [InlineData("GET /metrics", 403)]
    [InlineData("POST /reset", 403)]
    [InlineData("GET /nothing", 404)]
    [InlineData("PUT /proxies", 405)]
    [InlineData("GET /chaos/faults", 200)]
    public async Task Browsers_are_turned_away_by_name_where_toxiproxy_does(string request, int status) =>
        Assert.Equal(status, await WithAsync(async wire => (await wire.SendAsync(request, ("User-Agent", "Mozilla/5.0 (X11)"))).Status));

    [Theory]
    [InlineData("none", null, null, 200)]
    [InlineData("same-origin", null, null, 200)]
    [InlineData("cross-site", null, null, 403)]
    [InlineData("same-site", null, null, 403)]
    [InlineData(null, "https://example.org", null, 403)]
    [InlineData("same-origin", null, "evil.example:80", 403)]
    [InlineData(null, null, "any.name:80", 200)]
    public async Task A_page_of_another_site_cannot_use_our_own_routes(string? site, string? origin, string? host, int status)
    {
        var headers = new[] { ("Sec-Fetch-Site", site), ("Origin", origin), ("Host", host) }.Where(header => header.Item2 is not null).Select(header => (header.Item1, header.Item2!)).ToArray();
        Assert.Equal(status, await WithAsync(async wire => (await wire.SendAsync("GET /chaos/faults", headers)).Status));
    }

    [Fact]
    public async Task With_a_token_nothing_is_answered_without_it() => Assert.Equal((401, 401, 401, 200, 401), await WithAsync(async wire =>
    (
        (await wire.SendAsync("GET /proxies")).Status,
        (await wire.SendAsync("GET /nothing")).Status,
        (await wire.SendAsync("GET /metrics")).Status,
        (await wire.SendAsync("GET /proxies", ("Authorization", "Bearer secret"))).Status,
        (await wire.SendAsync("GET /proxies", ("Authorization", "Bearer secre"))).Status
    ), token: "secret"));

    [Fact]
    public async Task A_body_that_breaks_off_or_is_malformed_gets_a_400()
    {
        await using var bench = await Bench.StartAsync();
        foreach (var rest in new[] { "Transfer-Encoding: chunked\r\n\r\nnonsense\r\n", "Content-Length: 5\r\nContent-Length: 6\r\n\r\n{}" })
        {
            using var socket = await Bench.ConnectAsync(new IPEndPoint(IPAddress.Loopback, bench.Host.ControlAddress.Port));
            await socket.SendAllAsync(Encoding.ASCII.GetBytes("POST /proxies HTTP/1.1\r\nHost: x\r\n" + rest));
            Assert.StartsWith("HTTP/1.1 400", Encoding.ASCII.GetString(await socket.ReadAsync(12)), StringComparison.Ordinal);
        }
    }
}
