using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Chaos.Proxy.Client;
using Chaos.Proxy.Tests.Support;

namespace Chaos.Proxy.Tests.Http;

/// <summary>Plain requests through an HTTP link, without faults of their own.</summary>
public sealed class ExchangeTests
{
    [Theory]
    [InlineData("http")]
    [InlineData("websocket")]
    public async Task A_request_passes_and_its_life_is_in_the_ledger(string kind)
    {
        await using var http = await HttpBench.StartAsync(kind);
        Assert.Equal("hello", await http.GetAsync("/hello?client=c-1&token=secret"));
        var closed = await http.Bench.LedgerAsync("ledger.closed");
        Assert.Equal(("upstream", "fin", "c-1"), (closed["by"]!.GetValue<string>(), closed["how"]!.GetValue<string>(), closed["client"]!.GetValue<string>()));
        Assert.True(closed["bytes_up"]!.GetValue<long>() > 20 && closed["bytes_down"]!.GetValue<long>() > 20, closed.ToJsonString());
        var labels = (await http.Bench.LedgerAsync("ledger.opened"))["labels"]!.AsObject();
        Assert.Equal(["client: c-1", "method: GET", "path: /hello", "region: eu"], labels.Select(label => $"{label.Key}: {label.Value}"));
        var answer = await http.Bench.LedgerAsync("ledger.answer");
        Assert.Equal((200, "upstream", 1), (answer["status"]!.GetValue<int>(), answer["by"]!.GetValue<string>(), answer["conn"]!.GetValue<int>()));
        Assert.Empty(http.Bench.Ledger("ledger.handshake"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bodies_pass_unaltered_with_and_without_a_length(bool chunked)
    {
        await using var http = await HttpBench.StartAsync();
        var data = RandomNumberGenerator.GetBytes(3_000_000);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/echo") { Content = new ByteArrayContent(data) };
        request.Headers.TransferEncodingChunked = chunked;
        using var answer = await http.Client.SendAsync(request);
        Assert.Equal(data, await answer.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("http")]
    [InlineData("websocket")]
    public async Task A_client_may_be_idle_between_requests_and_slow_with_one(string kind)
    {
        // The server looks for connections to close once a second.
        const int LongerThanALookMs = 2_500;
        await using var http = await HttpBench.StartAsync(kind);
        using var socket = await http.SendAsync("/nothing");
        await HttpBench.ReadHeadAsync(socket);
        Assert.Equal("silent", await socket.EndingAsync(LongerThanALookMs));
        await socket.SendAllAsync("GET /nothing HTTP/1.1\r\n"u8.ToArray());
        Assert.Equal("silent", await socket.EndingAsync(LongerThanALookMs));
        await socket.SendAllAsync("Host: upstream\r\n\r\n"u8.ToArray());
        Assert.StartsWith("HTTP/1.1 204", await HttpBench.ReadHeadAsync(socket), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_on_one_connection_are_told_apart()
    {
        await using var http = await HttpBench.StartAsync();
        using var socket = await http.SendAsync("/bytes?n=5");
        await HttpBench.ReadHeadAsync(socket);
        await socket.ReadAsync(5);
        await socket.SendAllAsync("GET /nothing HTTP/1.1\r\nHost: upstream\r\n\r\n"u8.ToArray());
        Assert.StartsWith("HTTP/1.1 204", await HttpBench.ReadHeadAsync(socket), StringComparison.Ordinal);
        await Bench.Until(() => http.Bench.Ledger("ledger.closed").Length == 2);
        Assert.Equal(["1 /bytes", "2 /nothing"], http.Bench.Ledger("ledger.opened").Select(line => $"{line["conn"]} {line["labels"]!["path"]}"));
        Assert.Equal(["1 200", "2 204"], http.Bench.Ledger("ledger.answer").Select(line => $"{line["conn"]} {line["status"]}"));
    }

    [Fact]
    public async Task A_stream_of_events_passes_as_it_comes()
    {
        await using var http = await HttpBench.StartAsync();
        // The head is here before there is any event, and each event before there is another.
        using var socket = await http.SendAsync("/events");
        Assert.Contains("text/event-stream", await HttpBench.ReadHeadAsync(socket), StringComparison.Ordinal);
        for (var i = 0; i < 5; i++)
        {
            var text = $"data: event {i}\n\n";
            await http.Upstream.Events.Writer.WriteAsync($"event {i}");
            Assert.Equal($"{text.Length:x}\r\n{text}\r\n", System.Text.Encoding.ASCII.GetString(await socket.ReadAsync($"{text.Length:x}\r\n{text}\r\n".Length, 30_000)));
        }
        socket.Dispose();
        Assert.Equal("client", (await http.Bench.LedgerAsync("ledger.closed"))["by"]!.GetValue<string>());
        await Bench.Until(() => http.Upstream.Broken.Contains("GET /events"));
    }

    [Fact]
    public async Task A_client_that_gives_up_ends_the_request_upstream()
    {
        await using var http = await HttpBench.StartAsync();
        var socket = await http.SendAsync("/never");
        await Bench.Until(() => http.Upstream.Seen.Contains("GET /never"));
        socket.Dispose();
        await Bench.Until(() => http.Upstream.Broken.Contains("GET /never"));
        Assert.Equal("client", (await http.Bench.LedgerAsync("ledger.closed"))["by"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_dead_upstream_is_a_bad_gateway()
    {
        await using var http = await HttpBench.StartAsync();
        await http.Upstream.DisposeAsync();
        using var answer = await http.Client.GetAsync(new Uri("/hello", UriKind.Relative));
        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        await http.Bench.LedgerAsync("ledger.answer", line => line["status"]!.GetValue<int>() == 502);
        Assert.Equal("upstream", (await http.Bench.LedgerAsync("ledger.closed"))["by"]!.GetValue<string>());
    }

    [Fact]
    public async Task An_answer_that_breaks_off_breaks_off_here_too()
    {
        await using var http = await HttpBench.StartAsync();
        using var socket = await http.SendAsync("/truncated");
        await HttpBench.ReadHeadAsync(socket);
        Assert.Equal("only this"u8.ToArray(), await socket.ReadAsync(9));
        await http.Upstream.Events.Writer.WriteAsync("now");
        Assert.Equal(("", "rst"), await HttpBench.ReadToEndAsync(socket));
        Assert.Equal("upstream", (await http.Bench.LedgerAsync("ledger.closed"))["by"]!.GetValue<string>());
    }

    [Fact]
    public async Task Down_cuts_a_client_that_waits_between_two_requests()
    {
        await using var http = await HttpBench.StartAsync();
        using var socket = await http.SendAsync("/nothing");
        await HttpBench.ReadHeadAsync(socket);
        using var silent = await Bench.ConnectAsync(http.Address);
        await http.FaultAsync("down");
        Assert.Equal("rst", await socket.EndingAsync());
        Assert.Equal("rst", await silent.EndingAsync());
        await Assert.ThrowsAsync<SocketException>(() => Bench.ConnectAsync(http.Address));
        await http.Bench.Control.RemoveFaultAsync("link", "down");
        Assert.Equal("hello", await http.GetAsync("/hello"));
    }

    [Fact]
    public async Task Many_requests_at_once_each_keep_their_own_answer()
    {
        await using var http = await HttpBench.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
        {
            var data = new byte[100 + i * 50];
            data.AsSpan().Fill((byte)i);
            using var answer = await http.Client.PostAsync(new Uri("/echo", UriKind.Relative), new ByteArrayContent(data));
            Assert.Equal(data, await answer.Content.ReadAsByteArrayAsync());
        }));
        await Bench.Until(() => http.Bench.Ledger("ledger.closed").Length == 200);
    }

    [Fact]
    public async Task The_kind_is_shown_and_decides_which_faults_fit()
    {
        await using var http = await HttpBench.StartAsync();
        Assert.Equal("http", (await http.Bench.Control.GetProxyAsync("link")).Kind);
        var refused = await Assert.ThrowsAsync<ControlException>(() => http.FaultAsync("ws_close"));
        Assert.Contains("ws_close needs a websocket proxy", refused.Message, StringComparison.Ordinal);
        await http.Bench.TcpAsync("tcp");
        refused = await Assert.ThrowsAsync<ControlException>(() => http.Bench.FaultAsync("http_delay", new JsonObject { ["delay"] = 5 }, link: "tcp"));
        Assert.Contains("http_delay needs a websocket or http proxy", refused.Message, StringComparison.Ordinal);
        refused = await Assert.ThrowsAsync<ControlException>(() => http.Bench.Control.CreateProxyAsync(new ProxyRequest("x", "127.0.0.1:0", "127.0.0.1:9", Kind: "grpc")));
        Assert.Contains("kind must be tcp, websocket or http", refused.Message, StringComparison.Ordinal);
    }
}
