using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Chaos.Client.Policies;
using Xunit;

namespace Chaos.Client.Tests.Sockets;

public sealed class ReferenceClientTests
{
    // A machine that stands still for some seconds must not look like a server that does.
    private static readonly ClientPolicy Quick = new() { BaseMs = 20, CapMs = 100, StableMs = 1_000, ConnectTimeoutMs = 30_000, PingSlackMs = 200, CloseTimeoutMs = 500 };

    private readonly RecordingObserver _observer = new();

    [Fact]
    public async Task A_client_connects_subscribes_publishes_and_stops()
    {
        await using var server = new TestServer(async peer =>
        {
            Assert.Contains("?client=c-0001 ", peer.Head, StringComparison.Ordinal);
            await peer.AcceptAsync();
            await peer.CommandAsync("subscribe");
            await peer.SendAsync("""{"id":2,"subscribe":{"epoch":"e","offset":0,"recoverable":true,"positioned":true}}""");
            var publish = await peer.CommandAsync("publish");
            await peer.SendAsync($$$$$$"""{"push":{"channel":"acme:a","pub":{"offset":1,"data":{{{{{{publish["publish"]!["data"]!.ToJsonString()}}}}}}}}}""");
            await peer.SendAsync("""{"id":3,"publish":{}}""");
            await peer.HoldAsync();
        });
        var client = Create(server.Url);
        client.Subscribe("acme:a");
        client.Start();
        client.Publish("acme:a", """{"mid":"m1"}"""u8.ToArray(), "m1");
        await _observer.UntilAsync("acked m1");
        await client.StopAsync();
        Assert.Equal(["token connect", "attempt 0", "connected s1 False", "subscribed acme:a False 0", "publication 1 12", "acked m1", "disconnected local  True "], _observer.Seen);
    }

    [Fact]
    public async Task A_cut_client_resumes_where_it_was_and_sends_again_what_got_no_reply()
    {
        await using var server = new TestServer(async peer =>
        {
            var connect = await peer.AcceptAsync(data: $$"""{"resume":"r{{peer.Ordinal}}","resumed":{{(peer.Ordinal > 1 ? "true" : "false")}}}""");
            var subscribe = (await peer.CommandAsync("subscribe"))["subscribe"]!;
            if (peer.Ordinal == 1)
            {
                await peer.SendAsync("""{"id":2,"subscribe":{"epoch":"e","offset":7}}""");
                await peer.CommandAsync("publish");
                peer.Reset();
                return;
            }

            Assert.Equal("r1", (string?)connect["connect"]!["data"]!["resume"]);
            Assert.Equal(7, (int)subscribe["offset"]!);
            await peer.SendAsync("""{"id":2,"subscribe":{"epoch":"e","offset":8,"was_recovering":true,"recovered":true,"publications":[{"data":{},"offset":8}]}}""");
            var publish = await peer.CommandAsync("publish");
            Assert.Equal("m1", (string?)publish["publish"]!["data"]!["mid"]);
            await peer.SendAsync($$"""{"id":{{publish["id"]}},"publish":{} }""");
            await peer.HoldAsync();
        });
        await using var client = Create(server.Url);
        client.Subscribe("acme:a");
        client.Start();
        await _observer.UntilAsync("subscribed");
        client.Publish("acme:a", """{"mid":"m1"}"""u8.ToArray(), "m1");
        await _observer.UntilAsync("acked m1");
        await _observer.UntilAsync("publication 8");
        Assert.Contains("connected s2 True", _observer.Seen);
        Assert.Contains("subscribed acme:a True 8", _observer.Seen);
        Assert.Contains(_observer.Seen, s => s.StartsWith("disconnected transport  False", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_silent_connection_is_given_up_after_ping_and_slack_though_its_peer_never_answers_a_close()
    {
        await using var server = new TestServer(async peer =>
        {
            await peer.AcceptAsync(ping: 0.3);
            // A black hole: open, and nothing read or written any more.
            await Task.Delay(Timeout.Infinite, peer.Stop);
        });
        await using var client = Create(server.Url);
        client.Start();
        await _observer.UntilAsync("disconnected liveness");
        await _observer.UntilAsync("connected s2");
        var silent = _observer.When("disconnected") - _observer.When("connected s1");
        // Both ends are seen by the application, which may be told late on a busy machine. To the millisecond this is tested in virtual time.
        Assert.InRange(silent.TotalMilliseconds, 300, 20_000);
    }

    [Fact]
    public async Task A_message_that_drips_in_is_life()
    {
        var body = new string('x', 400);
        await using var server = new TestServer(async peer =>
        {
            // Seven seconds for the message, and 6.2 for a silence: a machine that stands still for five makes none of that length.
            await peer.AcceptAsync(ping: 6);
            await peer.CommandAsync("subscribe");
            await peer.SendAsync("""{"id":2,"subscribe":{"epoch":"e","offset":0}}""");
            var message = Encoding.UTF8.GetBytes($$$$$$"""{"push":{"channel":"acme:a","pub":{"offset":1,"data":{"pad":"{{{{{{body}}}}}}"}}}}""");
            for (var i = 0; i < 8; i++)
            {
                await peer.Tcp.GetStream().WriteAsync(i == 0 ? Head(message.Length) : Array.Empty<byte>(), peer.Stop);
                await peer.Tcp.GetStream().WriteAsync(message.AsMemory(i * message.Length / 8, ((i + 1) * message.Length / 8) - (i * message.Length / 8)), peer.Stop);
                await Task.Delay(1_000, peer.Stop);
            }

            await peer.HoldAsync();
        });
        await using var client = Create(server.Url);
        client.Subscribe("acme:a");
        client.Start();
        await _observer.UntilAsync("publication 1");
        Assert.DoesNotContain(_observer.Seen, s => s.StartsWith("disconnected", StringComparison.Ordinal));

        static byte[] Head(int length) => [0x81, 126, (byte)(length >> 8), (byte)length];
    }

    [Fact]
    public async Task A_large_message_arrives_whole_and_one_above_the_limit_ends_the_connection()
    {
        await using var server = new TestServer(async peer =>
        {
            await peer.AcceptAsync();
            await peer.CommandAsync("subscribe");
            await peer.SendAsync("""{"id":2,"subscribe":{"epoch":"e","offset":0}}""");
            var size = peer.Ordinal == 1 ? 300_000 : 1_000;
            await peer.SendAsync($$$$$$"""{"push":{"channel":"acme:a","pub":{"offset":1,"data":{"pad":"{{{{{{new string('x', size)}}}}}}"}}}}""");
            await peer.HoldAsync();
        });
        await using (var client = Create(server.Url))
        {
            client.Subscribe("acme:a");
            client.Start();
            await _observer.UntilAsync("publication 1 300010");
        }

        var small = new RecordingObserver();
        await using var limited = new TestServer(async peer =>
        {
            await peer.AcceptAsync();
            await peer.SendAsync($$"""{"pad":"{{new string('x', 300_000)}}"}""");
            await peer.HoldAsync();
        });
        await using var second = new ReferenceClient(new ClientOptions { Url = limited.Url, Name = "c", Policy = Quick, MaxMessageBytes = 100_000 }, small, small);
        second.Start();
        await small.UntilAsync("disconnected transport  False a message is larger than 100000 bytes");
    }

    [Fact]
    public async Task Ping_is_answered_with_pong()
    {
        await using var server = new TestServer(async peer =>
        {
            await peer.AcceptAsync();
            await peer.SendAsync("{}");
            Assert.Empty(await peer.NextAsync());
            await peer.Socket.CloseAsync((WebSocketCloseStatus)3503, "pong seen", peer.Stop);
        });
        await using var client = Create(server.Url);
        client.Start();
        await _observer.UntilAsync("disconnected close 3503 True pong seen");
    }

    [Theory]
    [InlineData(401)]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_handshake_status_is_told_and_tried_again(int status)
    {
        await using var server = new TestServer(peer => peer.RefuseAsync(status).AsTask());
        await using var client = Create(server.Url);
        client.Start();
        await _observer.UntilAsync($"disconnected handshake {status} False", 3);
    }

    [Fact]
    public async Task A_port_nobody_listens_on_refuses()
    {
        // Taken and not listened on, so that nobody else gets it meanwhile.
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)taken.LocalEndPoint!).Port;
        await using var client = Create(new Uri($"ws://127.0.0.1:{port}/"));
        client.Start();
        await _observer.UntilAsync("disconnected refused  False", 3);
        await _observer.UntilAsync("attempt 3");
    }

    [Fact]
    public async Task A_peer_that_hangs_up_in_the_handshake_is_a_transport_failure()
    {
        await using var server = new TestServer(_ => Task.CompletedTask);
        await using var client = Create(server.Url);
        client.Start();
        await _observer.UntilAsync("disconnected transport", 2);
    }

    [Fact]
    public async Task A_handshake_that_never_ends_is_a_timeout()
    {
        await using var server = new TestServer(peer => Task.Delay(Timeout.Infinite, peer.Stop));
        await using var client = Create(server.Url, Quick with { ConnectTimeoutMs = 300 });
        client.Start();
        await _observer.UntilAsync("disconnected timeout", 2);
        await _observer.UntilAsync(() => server.Accepted >= 3, "third connection");
    }

    [Fact]
    public async Task Terminal_codes_end_the_client_and_it_can_still_be_stopped()
    {
        await using var server = new TestServer(async peer =>
        {
            await peer.AcceptAsync();
            await peer.Socket.CloseAsync((WebSocketCloseStatus)3500, "invalid token", peer.Stop);
        });
        var client = Create(server.Url);
        client.Start();
        await _observer.UntilAsync("disconnected close 3500 True invalid token");
        await client.StopAsync();
        Assert.Equal(1, server.Accepted);
        Assert.Single(_observer.Seen, s => s.StartsWith("disconnected", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stopping_does_not_wait_for_a_peer_that_ignores_the_close()
    {
        await using var server = new TestServer(async peer =>
        {
            await peer.AcceptAsync();
            await Task.Delay(Timeout.Infinite, peer.Stop);
        });
        var client = Create(server.Url);
        client.Start();
        await _observer.UntilAsync("connected");
        var start = _observer.Now;
        await client.StopAsync();
        // Who waited for the close would wait for ever.
        Assert.InRange((_observer.Now - start).TotalMilliseconds, 0, 20_000);
    }

    [Fact]
    public async Task A_dead_link_with_full_buffers_blocks_nothing()
    {
        await using var server = new TestServer(async peer =>
        {
            await peer.AcceptAsync(ping: 0.5);
            await Task.Delay(Timeout.Infinite, peer.Stop);
        });
        await using var client = Create(server.Url);
        client.Start();
        await _observer.UntilAsync("connected s1");
        var body = Encoding.UTF8.GetBytes($$"""{"mid":"m","pad":"{{new string('x', 50_000)}}"}""");
        for (var i = 0; i < 400; i++)
            client.Publish("acme:a", body, $"m{i}");
        await _observer.UntilAsync("disconnected liveness");
        await _observer.UntilAsync("connected s2");
    }

    [Fact]
    public async Task A_failing_token_source_is_told_and_asked_again()
    {
        var asked = 0;
        _observer.ConnectToken = () => ++asked == 1 ? throw new InvalidOperationException("no issuer") : ValueTask.FromResult("t");
        await using var server = new TestServer(async peer =>
        {
            await peer.AcceptAsync();
            await peer.HoldAsync();
        });
        await using var client = Create(server.Url);
        client.Start();
        await _observer.UntilAsync("connected");
        Assert.Contains(_observer.Seen, s => s.EndsWith("no issuer", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_exception_of_the_observer_ends_the_client_and_comes_out_of_stop()
    {
        await using var server = new TestServer(async peer =>
        {
            await peer.AcceptAsync();
            await peer.HoldAsync();
        });
        _observer.OnSeen = what =>
        {
            if (what.StartsWith("connected", StringComparison.Ordinal))
                throw new InvalidOperationException("broken observer");
        };
        var client = Create(server.Url);
        client.Start();
        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => client.Completion);
        Assert.Equal("broken observer", thrown.Message);
        await Assert.ThrowsAsync<InvalidOperationException>(client.StopAsync);
    }

    [Fact]
    public async Task The_observer_may_publish_from_within_a_call()
    {
        await using var server = new TestServer(async peer =>
        {
            await peer.AcceptAsync();
            var publish = await peer.CommandAsync("publish");
            await peer.SendAsync($$"""{"id":{{publish["id"]}},"publish":{} }""");
            await peer.HoldAsync();
        });
        ReferenceClient? client = null;
        _observer.OnSeen = what =>
        {
            if (what.StartsWith("connected", StringComparison.Ordinal))
                client!.Publish("acme:a", """{"mid":"m1"}"""u8.ToArray(), "m1");
        };
        client = Create(server.Url);
        client.Start();
        await _observer.UntilAsync("acked m1");
        await client.StopAsync();
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("")]
    public async Task A_body_that_is_no_json_object_is_refused_at_once(string body)
    {
        await using var client = Create(new Uri("ws://127.0.0.1:1/"));
        Assert.Throws<ArgumentException>(() => client.Publish("acme:a", Encoding.UTF8.GetBytes(body), "m"));
    }

    [Fact]
    public async Task A_body_on_several_lines_travels_on_one()
    {
        await using var server = new TestServer(async peer =>
        {
            await peer.AcceptAsync();
            var publish = await peer.CommandAsync("publish");
            Assert.Equal("a\nb", (string?)publish["publish"]!["data"]!["text"]);
            await peer.SendAsync($$"""{"id":{{publish["id"]}},"publish":{} }""");
            await peer.HoldAsync();
        });
        await using var client = Create(server.Url);
        client.Start();
        client.Publish("acme:a", Encoding.UTF8.GetBytes("{\n \"mid\": \"m1\",\r\n \"text\": \"a\\nb\"\n}"), "m1");
        await _observer.UntilAsync("acked m1");
    }

    [Fact]
    public void An_address_that_is_no_websocket_is_refused() =>
        Assert.Throws<ArgumentException>(() => Create(new Uri("http://127.0.0.1/")));

    private ReferenceClient Create(Uri url, ClientPolicy? policy = null) =>
        new(new ClientOptions { Url = url, Name = "c-0001", Policy = policy ?? Quick, Seed = 4 }, _observer, _observer);
}
