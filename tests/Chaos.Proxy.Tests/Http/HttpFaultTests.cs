using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Chaos.Proxy.Client;
using Chaos.Proxy.Tests.Support;

namespace Chaos.Proxy.Tests.Http;

public sealed class HttpFaultTests
{
    private static async Task<double> TimeAsync(Func<Task> action)
    {
        var start = TimeProvider.System.GetTimestamp();
        await action();
        return TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
    }

    [Theory]
    [InlineData("request", "upstream")]
    [InlineData("answer", "downstream")]
    public async Task A_delay_is_kept_and_recorded(string where, string stream)
    {
        await using var http = await HttpBench.StartAsync();
        await http.FaultAsync("http_delay", new JsonObject { ["delay"] = 80, ["jitter"] = 20, ["where"] = where });
        Assert.True(await TimeAsync(() => http.GetAsync("/hello")) >= 60);
        var injected = await http.Bench.LedgerAsync("ledger.injected");
        Assert.Equal(("delayed", stream), (injected["action"]!.GetValue<string>(), injected["stream"]!.GetValue<string>()));
        Assert.InRange(injected["configured_us"]!.GetValue<long>(), 60_000, 100_000);
        Assert.True(injected["observed_us"]!.GetValue<long>() >= injected["configured_us"]!.GetValue<long>());
        var answer = await http.Bench.LedgerAsync("ledger.answer");
        Assert.True(answer["at"]!.GetValue<long>() - answer["arrived_at"]!.GetValue<long>() >= 60_000);
    }

    [Fact]
    public async Task While_a_request_is_delayed_the_upstream_does_not_see_it_and_removal_lets_it_go()
    {
        await using var http = await HttpBench.StartAsync();
        await http.FaultAsync("http_delay", new JsonObject { ["delay"] = 3_600_000 });
        var requests = Enumerable.Range(0, 20).Select(_ => http.GetAsync("/hello")).ToArray();
        await Bench.Until(() => http.Bench.Ledger("ledger.roll").Length == 20);
        Assert.Empty(http.Upstream.Seen);
        await http.Bench.Control.RemoveFaultAsync("link", "http_delay");
        Assert.All(await Task.WhenAll(requests), text => Assert.Equal("hello", text));
        var injected = await http.Bench.LedgerAsync("ledger.injected");
        Assert.Equal(3_600_000_000, injected["configured_us"]!.GetValue<long>());
        Assert.True(injected["observed_us"]!.GetValue<long>() < 600_000_000);
    }

    [Fact]
    public async Task An_answer_that_is_delayed_goes_at_once_when_the_fault_is_removed()
    {
        await using var http = await HttpBench.StartAsync();
        await http.FaultAsync("http_delay", new JsonObject { ["delay"] = 3_600_000, ["where"] = "answer" });
        var request = http.GetAsync("/hello");
        await Bench.Until(() => http.Upstream.Seen.Contains("GET /hello"));
        await Task.Delay(50);
        Assert.False(request.IsCompleted);
        await http.Bench.Control.RemoveFaultAsync("link", "http_delay");
        Assert.Equal("hello", await request);
    }

    [Fact]
    public async Task A_client_that_gives_up_while_it_is_delayed_is_noticed()
    {
        await using var http = await HttpBench.StartAsync();
        await http.FaultAsync("http_delay", new JsonObject { ["delay"] = 3_600_000 });
        var socket = await http.SendAsync("/hello");
        await http.Bench.LedgerAsync("ledger.roll");
        socket.Dispose();
        Assert.Equal("client", (await http.Bench.LedgerAsync("ledger.closed"))["by"]!.GetValue<string>());
        Assert.Empty(http.Upstream.Seen);
    }

    [Fact]
    public async Task A_status_is_answered_in_place_of_the_upstream()
    {
        await using var http = await HttpBench.StartAsync();
        await http.FaultAsync("http_status", new JsonObject { ["status"] = 429, ["retry_after"] = 7, ["body"] = "too many", ["delay"] = 40 });
        using var answer = await http.Client.GetAsync(new Uri("/hello?client=c-1", UriKind.Relative));
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), answer.Headers.RetryAfter!.Delta);
        Assert.Equal("too many", await answer.Content.ReadAsStringAsync());
        Assert.Empty(http.Upstream.Seen);
        var line = await http.Bench.LedgerAsync("ledger.answer");
        Assert.Equal((429, "fault", "c-1"), (line["status"]!.GetValue<int>(), line["by"]!.GetValue<string>(), line["client"]!.GetValue<string>()));
        var injected = await http.Bench.LedgerAsync("ledger.injected");
        Assert.Equal(("refused", 40_000), (injected["action"]!.GetValue<string>(), injected["configured_us"]!.GetValue<long>()));
        Assert.True(injected["observed_us"]!.GetValue<long>() >= 40_000);
        Assert.Equal("http_status", (await http.Bench.LedgerAsync("ledger.closed"))["fault"]!.GetValue<string>());
        // The connection lives on: it was the answer that was bad.
        using var head = await http.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/hello"));
        Assert.Equal((HttpStatusCode.TooManyRequests, 8), (head.StatusCode, head.Content.Headers.ContentLength));
        await http.Bench.Control.RemoveFaultAsync("link", "http_status");
        Assert.Equal("hello", await http.GetAsync("/hello"));
    }

    [Fact]
    public async Task A_status_that_is_removed_while_it_waits_was_never_there()
    {
        await using var http = await HttpBench.StartAsync();
        await http.FaultAsync("http_status", new JsonObject { ["delay"] = 3_600_000 });
        var request = http.GetAsync("/hello");
        await http.Bench.LedgerAsync("ledger.roll");
        await http.Bench.Control.RemoveFaultAsync("link", "http_status");
        Assert.Equal("hello", await request);
    }

    [Fact]
    public async Task An_abort_before_the_request_is_forwarded_is_a_reset_that_the_upstream_does_not_see()
    {
        await using var http = await HttpBench.StartAsync();
        await http.FaultAsync("http_abort");
        using var socket = await http.SendAsync("/hello");
        Assert.Equal(("", "rst"), await HttpBench.ReadToEndAsync(socket));
        Assert.Empty(http.Upstream.Seen);
        var closed = await http.Bench.LedgerAsync("ledger.closed");
        Assert.Equal(("fault", "rst", "http_abort"), (closed["by"]!.GetValue<string>(), closed["how"]!.GetValue<string>(), closed["fault"]!.GetValue<string>()));
        Assert.Equal("reset", (await http.Bench.LedgerAsync("ledger.injected"))["action"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10_000)]
    [InlineData(2_000_000)]
    public async Task An_abort_in_the_answer_comes_after_exactly_so_many_bytes(int bytes)
    {
        await using var http = await HttpBench.StartAsync();
        await http.FaultAsync("http_abort", new JsonObject { ["where"] = "answer", ["bytes"] = bytes });
        using var socket = await http.SendAsync("/bytes?n=100000000");
        var (text, ending) = await HttpBench.ReadToEndAsync(socket);
        Assert.Equal("rst", ending);
        var head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        Assert.StartsWith("HTTP/1.1 200", text, StringComparison.Ordinal);
        Assert.Contains("Content-Length: 100000000", text[..head], StringComparison.Ordinal);
        Assert.Equal(bytes, text.Length - head);
        Assert.Equal(bytes, (await http.Bench.LedgerAsync("ledger.injected"))["bytes"]!.GetValue<int>());
    }

    [Fact]
    public async Task An_answer_shorter_than_the_abort_passes_unharmed()
    {
        await using var http = await HttpBench.StartAsync();
        await http.FaultAsync("http_abort", new JsonObject { ["where"] = "answer", ["bytes"] = 6 });
        Assert.Equal("hello", await http.GetAsync("/hello"));
        Assert.Empty(http.Bench.Ledger("ledger.injected"));
    }

    [Fact]
    public async Task An_abort_cuts_an_answer_that_is_past_its_point_already()
    {
        await using var http = await HttpBench.StartAsync();
        using var socket = await http.SendAsync("/events");
        await HttpBench.ReadHeadAsync(socket);
        await http.FaultAsync("http_abort", new JsonObject { ["where"] = "answer" });
        Assert.Equal("rst", await socket.EndingAsync());
    }

    [Fact]
    public async Task Faults_on_bytes_delay_the_head_of_request_and_answer()
    {
        await using var http = await HttpBench.StartAsync();
        await http.FaultAsync("latency", new JsonObject { ["latency"] = 60 });
        Assert.True(await TimeAsync(() => http.Client.GetAsync(new Uri("/nothing", UriKind.Relative))) >= 120);
        await Bench.Until(() => http.Bench.Ledger("ledger.injected").Select(line => line["stream"]!.GetValue<string>()).Distinct().Count() == 2);
    }

    [Fact]
    public async Task Behind_a_black_hole_a_request_hears_nothing_and_the_upstream_does_not_learn_that_the_client_gave_up()
    {
        await using var http = await HttpBench.StartAsync();
        using var open = await http.SendAsync("/never");
        await Bench.Until(() => http.Upstream.Seen.Contains("GET /never"));
        await http.FaultAsync("blackhole");
        using var fresh = await http.SendAsync("/hello");
        await http.Bench.LedgerAsync("ledger.injected", line => line["action"]!.GetValue<string>() == "swallowed");
        Assert.Equal("silent", await fresh.EndingAsync(300));
        open.Dispose();
        await http.Bench.LedgerAsync("ledger.closed", line => line["by"]!.GetValue<string>() == "client" && line["conn"]!.GetValue<int>() == 1);
        await Task.Delay(200);
        Assert.Empty(http.Upstream.Broken);
        Assert.DoesNotContain("GET /hello", http.Upstream.Seen);
        await http.Bench.Control.RemoveFaultAsync("link", "blackhole");
        await Bench.Until(() => http.Upstream.Broken.Contains("GET /never"));
        // A request with a hole in it cannot go on.
        await http.Bench.LedgerAsync("ledger.closed", line => line["fault"]?.GetValue<string>() == "blackhole");
    }

    [Theory]
    [InlineData("reset_peer")]
    [InlineData("down")]
    public async Task A_request_under_way_is_reset_on_both_sides(string fault)
    {
        await using var bench = await Bench.StartAsync();
        using var upstream = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        upstream.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        upstream.Listen();
        var proxy = await bench.Control.CreateProxyAsync(new ProxyRequest("link", "127.0.0.1:0", upstream.LocalEndPoint!.ToString()!, Kind: "http"));
        using var client = await Bench.ConnectAsync(IPEndPoint.Parse(proxy.Listen));
        await client.SendAllAsync("GET / HTTP/1.1\r\nHost: upstream\r\n\r\n"u8.ToArray());
        using var accepted = await upstream.AcceptAsync().WaitAsync(TimeSpan.FromMilliseconds(Bench.Patience));
        Assert.Equal("GET / HTTP/1.1"u8.ToArray(), await accepted.ReadAsync(14));
        await bench.FaultAsync(fault);
        Assert.Equal("rst", await client.EndingAsync());
        Assert.Equal("rst", await accepted.EndingAsync());
        Assert.Equal(fault, (await bench.LedgerAsync("ledger.closed"))["fault"]!.GetValue<string>());
    }

    [Fact]
    public async Task Each_request_rolls_for_itself_and_the_same_seed_rolls_the_same()
    {
        async Task<string> RunAsync()
        {
            await using var http = await HttpBench.StartAsync();
            await http.FaultAsync("http_status", toxicity: 0.4);
            var statuses = new List<int>();
            for (var i = 0; i < 40; i++)
            {
                using var answer = await http.Client.GetAsync(new Uri("/hello", UriKind.Relative));
                statuses.Add((int)answer.StatusCode);
            }
            return string.Join(' ', statuses);
        }

        var first = await RunAsync();
        Assert.InRange(first.Split("503").Length - 1, 5, 30);
        Assert.Equal(first, await RunAsync());
    }

    [Fact]
    public async Task On_a_websocket_link_plain_requests_are_hit_and_handshakes_are_not()
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.WebSocketAsync();
        await bench.FaultAsync("http_status", new JsonObject { ["status"] = 500 });
        using var client = await Bench.ConnectAsync(address);
        await client.EchoAsync("open");
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri($"http://{address.Authority}/hello"));
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
    }

    [Theory]
    [InlineData("http_status", """{"status":200}""", "status must be from 400 to 599")]
    [InlineData("http_status", """{"status":503.5}""", "status must be of type integer")]
    [InlineData("http_delay", "{}", "attribute delay is required")]
    [InlineData("http_delay", """{"delay":-1}""", "delay must be from 0")]
    [InlineData("http_delay", """{"delay":1,"where":"there"}""", "where must be one of request, answer")]
    [InlineData("http_abort", """{"bytes":5}""", "bytes belongs to where: answer")]
    [InlineData("http_abort", """{"after":5}""", "attribute after is unknown")]
    public async Task Attributes_out_of_range_are_told(string type, string attributes, string error)
    {
        await using var http = await HttpBench.StartAsync();
        var refused = await Assert.ThrowsAsync<ControlException>(() => http.FaultAsync(type, JsonNode.Parse(attributes)!.AsObject()));
        Assert.Equal(400, refused.Status);
        Assert.Contains(error, refused.Message, StringComparison.Ordinal);
    }
}
