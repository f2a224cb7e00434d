using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Chaos.Proxy.Client;
using Chaos.Proxy.Tests.Support;

namespace Chaos.Proxy.Tests.Http;

/// <summary>Plain requests over HTTP/2, with prior knowledge and by ALPN.</summary>
public sealed class Http2RequestTests
{
    private static async Task<(Bench Bench, HttpUpstream Upstream, HttpClient Client)> StartAsync(bool tls = false)
    {
        var bench = await Bench.StartAsync();
        var upstream = bench.Own(await HttpUpstream.StartAsync());
        var proxy = await bench.Control.CreateProxyAsync(new ProxyRequest("link", "127.0.0.1:0", upstream.Address, Kind: "http", Tls: tls ? new ListenTls(SelfSigned: true) : null));
        var handler = new SocketsHttpHandler
        {
            UseProxy = false, EnableMultipleHttp2Connections = false,
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, errors) => errors != SslPolicyErrors.RemoteCertificateNotAvailable },
        };
        return (bench, upstream, new HttpClient(handler)
        {
            BaseAddress = new Uri($"{(tls ? "https" : "http")}://{proxy.Listen}"), DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact, Timeout = TimeSpan.FromMilliseconds(Bench.Patience),
        });
    }

    private static Uri At(string path) => new(path, UriKind.Relative);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Many_at_once_share_a_connection_and_each_keeps_its_own_answer(bool tls)
    {
        var (bench, _, client) = await StartAsync(tls);
        await using var owned = bench;
        using var http = client;
        await Task.WhenAll(Enumerable.Range(0, 100).Select(async i =>
        {
            var data = new byte[1000 + i * 500];
            data.AsSpan().Fill((byte)i);
            using var answer = await http.PostAsync(At("/echo"), new ByteArrayContent(data));
            Assert.Equal(HttpVersion.Version20, answer.Version);
            Assert.Equal(data, await answer.Content.ReadAsByteArrayAsync());
        }));
        await Bench.Until(() => bench.Ledger("ledger.closed").Length == 100);
        Assert.All(bench.Ledger("ledger.opened"), line => Assert.Equal("h2", line["labels"]!["protocol"]!.GetValue<string>()));
        Assert.Equal(100, bench.Ledger("ledger.opened").Select(line => line["conn"]!.GetValue<int>()).Distinct().Count());
    }

    [Fact]
    public async Task Delays_and_error_answers_act_on_each_by_itself()
    {
        var (bench, upstream, client) = await StartAsync();
        await using var owned = bench;
        using var http = client;
        await bench.FaultAsync("http_delay", new JsonObject { ["delay"] = 3_600_000 });
        var waiting = http.GetStringAsync(At("/hello"));
        await bench.LedgerAsync("ledger.roll");
        await bench.Control.RemoveAllFaultsAsync();
        Assert.Equal("hello", await waiting);
        await bench.FaultAsync("http_status", new JsonObject { ["status"] = 503, ["body"] = "no" });
        using var refused = await http.GetAsync(At("/hello"));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "no"), (refused.StatusCode, await refused.Content.ReadAsStringAsync()));
        Assert.Single(upstream.Seen);
    }

    [Fact]
    public async Task A_client_that_takes_back_a_request_resets_its_stream_and_is_recorded_so()
    {
        var (bench, upstream, client) = await StartAsync();
        await using var owned = bench;
        using var http = client;
        using var patience = new CancellationTokenSource();
        var waiting = http.GetAsync(At("/never"), patience.Token);
        await Bench.Until(() => !upstream.Seen.IsEmpty);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        var closed = await bench.LedgerAsync("ledger.closed");
        Assert.Equal(("client", "rst"), (closed["by"]!.GetValue<string>(), closed["how"]!.GetValue<string>()));
        Assert.Equal("hello", await http.GetStringAsync(At("/hello")));
    }

    [Theory]
    [InlineData("request", 0)]
    [InlineData("answer", 0)]
    [InlineData("answer", 100_000)]
    public async Task An_abort_resets_the_stream_and_leaves_its_connection_alone(string where, int bytes)
    {
        var (bench, _, client) = await StartAsync();
        await using var owned = bench;
        using var http = client;
        using var events = await http.GetAsync(At("/events"), HttpCompletionOption.ResponseHeadersRead);
        await bench.Control.AddFaultAsync("link", new FaultRequest("abort", "http_abort", "both", 1, where == "answer" ? new JsonObject { ["where"] = where, ["bytes"] = bytes } : [],
            Target: new JsonObject { ["connections"] = new JsonObject { ["labels"] = new JsonObject { ["path"] = "/bytes" } } }));
        var read = 0;
        var failure = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            using var answer = await http.GetAsync(At("/bytes?n=50000000"), HttpCompletionOption.ResponseHeadersRead);
            await using var body = await answer.Content.ReadAsStreamAsync();
            var buffer = new byte[16 * 1024];
            for (int n; (n = await body.ReadAsync(buffer)) > 0;)
                read += n;
        });
        Assert.Equal(8, ErrorCode(failure));
        Assert.Equal(bytes, read);
        await bench.Control.RemoveAllFaultsAsync();
        Assert.Equal("hello", await http.GetStringAsync(At("/hello")));
        Assert.DoesNotContain(bench.Ledger("ledger.closed"), line => line["conn"]!.GetValue<int>() == 1);

        static long? ErrorCode(Exception? e) => e is HttpProtocolException protocol ? protocol.ErrorCode : e is null ? null : ErrorCode(e.InnerException);
    }

    [Fact]
    public async Task An_answer_that_breaks_off_breaks_off_here_too()
    {
        var (bench, upstream, client) = await StartAsync();
        await using var owned = bench;
        using var http = client;
        using var answer = await http.GetAsync(At("/truncated"), HttpCompletionOption.ResponseHeadersRead);
        await using var body = await answer.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[9]);
        await upstream.Events.Writer.WriteAsync("now");
        await Assert.ThrowsAnyAsync<IOException>(() => body.ReadExactlyAsync(new byte[1]).AsTask());
        Assert.Equal("upstream", (await bench.LedgerAsync("ledger.closed"))["by"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("GET /nothing HTTP/1.1\r\nHost: upstream\r\n\r\n", "HTTP/1.1 204")]
    [InlineData("PROPFIND /nothing HTTP/1.1\r\nHost: upstream\r\n\r\n", "HTTP/1.1 405")]
    public async Task Requests_that_come_byte_by_byte_are_understood(string request, string answer)
    {
        await using var http = await HttpBench.StartAsync();
        using var socket = await Bench.ConnectAsync(http.Address);
        foreach (var b in Encoding.ASCII.GetBytes(request))
            await socket.SendAllAsync(new[] { b });
        Assert.StartsWith(answer, await HttpBench.ReadHeadAsync(socket), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_preface_that_comes_byte_by_byte_is_understood()
    {
        await using var http = await HttpBench.StartAsync();
        using var socket = await Bench.ConnectAsync(http.Address);
        foreach (var b in "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0"u8.ToArray())
            await socket.SendAllAsync(new[] { b });
        // The server's own settings: a frame of type 4 on stream 0.
        var frame = await socket.ReadAsync(9);
        Assert.Equal([4, 0, 0, 0, 0], [frame[3], .. frame[5..]]);
    }

    [Fact]
    public async Task A_client_that_says_nothing_is_cut_when_the_link_goes_down()
    {
        await using var http = await HttpBench.StartAsync();
        using var socket = await Bench.ConnectAsync(http.Address);
        await socket.SendAllAsync("PR"u8.ToArray());
        await Task.Delay(50);
        await http.FaultAsync("down");
        Assert.Equal("rst", await socket.EndingAsync());
        Assert.Equal(SocketError.ConnectionRefused, (await Assert.ThrowsAsync<SocketException>(() => Bench.ConnectAsync(http.Address))).SocketErrorCode);
    }
}
