using System.Net;
using System.Text;
using Chaos.Proxy.Tests.Support;
using CsCheck;

namespace Chaos.Proxy.Tests.Robustness;

/// <summary>
/// Whatever is sent to the control API, it answers in its own words, does not crash, and goes on working. 1,500 requests by
/// default, 100,000 with CHAOS_LONG=1.
/// </summary>
public sealed class ControlFuzzTests(ITestOutputHelper output)
{
    private static readonly int Requests = Environment.GetEnvironmentVariable("CHAOS_LONG") == "1" ? 100_000 : 1_500;

    private static readonly string[] Methods = ["GET", "POST", "PATCH", "DELETE", "PUT", "HEAD", "OPTIONS"];

    private static readonly string[] Paths =
    [
        "/proxies", "/proxies/link", "/proxies/other", "/proxies/link/toxics", "/proxies/link/toxics/latency_downstream", "/proxies/%00/toxics", "/populate", "/version",
        "/reset", "/metrics", "/chaos/faults", "/chaos/proxies", "/chaos/proxies/link/faults", "/chaos/proxies/link/faults?dry_run=true", "/chaos/proxies/link/faults/f/renew",
        "/chaos/proxies/link/connections", "/chaos/proxies/link/connections/1", "/chaos/status", "/chaos/seed", "/chaos/openapi.json", "/nowhere", "/proxies//", "/%2e%2e/",
    ];

    private static readonly string[] Bodies =
    [
        "", "null", "[]", "{}", "{", "\"text\"", "17", "true", "[null]", "[{}]", "{\"name\":null}",
        """{"name":"other","listen":"127.0.0.1:0","upstream":"127.0.0.1:1"}""", """{"NAME":"other","UpStream":"127.0.0.1:1","Enabled":false}""",
        """{"name":"other","listen":"nowhere","upstream":"127.0.0.1:1"}""", """{"name":"other","upstream":"127.0.0.1:99999"}""", """{"name":{},"upstream":[]}""",
        """{"type":"latency","attributes":{"latency":1}}""", """{"type":"latency","attributes":{"latency":-1}}""", """{"type":"latency","attributes":{"latency":1e999}}""",
        """{"type":"latency","attributes":{"latency":"1"}}""", """{"type":"latency","stream":"sideways"}""", """{"type":"ws_drop"}""", """{"type":"nonsense","toxicity":7}""",
        """{"type":"bandwidth","attributes":{"rate":-1}}""", """{"type":"slicer"}""", """{"type":"loss","attributes":{"p":0.5,"process":"four_state"}}""", """{"type":"latency","type":"down"}""",
        """{"type":"latency","name":"f","lease_ms":50,"target":{"connections":{"every":-3},"messages":7}}""", """{"attributes":null,"toxicity":0.5}""",
        """[{"name":"link","listen":"127.0.0.1:0","upstream":"127.0.0.1:1"},{"name":""}]""", """{"enabled":"yes"}""", """{"listen":"127.0.0.1:1"}""",
    ];

    // A valid body, one with a damaged character, one that is deep, and bytes that are no text.
    private static readonly Gen<byte[]> Body = Gen.OneOf(
        Gen.Int[0, Bodies.Length - 1].Select(i => Encoding.UTF8.GetBytes(Bodies[i])),
        Gen.Select(Gen.Int[0, Bodies.Length - 1], Gen.Int[0, 10_000], Gen.Byte).Select((i, at, value) =>
        {
            var bytes = Encoding.UTF8.GetBytes(Bodies[i]);
            if (bytes.Length > 0) bytes[at % bytes.Length] = value;
            return bytes;
        }),
        Gen.Int[1, 5000].Select(depth => Encoding.UTF8.GetBytes(new string('[', depth) + new string(']', depth))),
        Gen.Byte.Array[0, 300]);

    [Fact]
    public async Task Every_request_is_answered_and_the_host_goes_on()
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.TcpAsync();
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = bench.Host.ControlAddress, Timeout = TimeSpan.FromMilliseconds(Bench.Patience) };
        var answered = new SortedDictionary<int, int>();
        Gen.Select(Gen.Int[0, Methods.Length - 1], Gen.Int[0, Paths.Length - 1], Body).Sample((method, path, body) =>
        {
            using var request = new HttpRequestMessage(new HttpMethod(Methods[method]), Paths[path]) { Content = new ByteArrayContent(body) };
            // Sampling is not asynchronous; the requests are sent one after the other.
            using var response = http.SendAsync(request).GetAwaiter().GetResult();
            var status = (int)response.StatusCode;
            answered[status] = answered.GetValueOrDefault(status) + 1;
            var text = response.Content.ReadAsStringAsync().GetAwaiter().GetResult();
            Assert.True(status < 500 || text.Contains("error", StringComparison.Ordinal), $"{Methods[method]} {Paths[path]} {Encoding.UTF8.GetString(body)}: {status} {text}");
        }, iter: Requests, threads: 1);
        output.WriteLine(string.Join(", ", answered.Select(entry => $"{entry.Key}: {entry.Value}")));
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/version")).StatusCode);
        // It still proxies.
        await bench.Control.ResetAsync();
        var (_, again) = await bench.TcpAsync("again");
        using var client = await Bench.ConnectAsync(again);
        await client.EchoAsync("still here"u8.ToArray());
    }
}
