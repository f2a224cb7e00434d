using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Chaos.Proxy.Client;
using Chaos.Proxy.Tests.Support;

namespace Chaos.Proxy.Tests.Faults;

/// <summary>Faults on whole messages: what applications get to see, and what the ledger says of it.</summary>
public sealed class MessageFaultTests
{
    private static Task<FaultInfo> AddAsync(Bench bench, string type, JsonObject? attributes = null, JsonObject? messages = null, string stream = "upstream") =>
        bench.Control.AddFaultAsync("link", new FaultRequest(type, type, stream, 1, attributes, Target: messages is null ? null : new JsonObject { ["messages"] = messages }));

    private static async Task<List<string>> EchoesAsync(ClientWebSocket client, IEnumerable<string> texts)
    {
        foreach (var text in texts) await client.SendTextAsync(text);
        await client.SendTextAsync("last");
        var got = new List<string>();
        for (string text; (text = await client.ReceiveTextAsync()) != "last";) got.Add(text);
        return got;
    }

    private static string[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(i => $"message {i}")];

    private static Task<JsonObject> InjectedAsync(Bench bench, string action) => bench.LedgerAsync("ledger.injected", line => line["action"]!.GetValue<string>() == action);

    [Fact]
    public async Task Drop_loses_messages_at_its_rate_and_nothing_else()
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.WebSocketAsync();
        using var client = await Bench.ConnectAsync(address);
        await AddAsync(bench, "ws_drop", new JsonObject { ["rate"] = 0.5 }, new JsonObject { ["match"] = new JsonObject { ["kind"] = "drop*" } });
        var texts = Enumerable.Range(0, 400).Select(i => $$"""{"n":{{i}},"kind":"{{(i % 2 == 0 ? "droppable" : "kept")}}"}""").ToArray();
        var got = await EchoesAsync(client, texts);
        Assert.Equal(got, texts.Where(got.Contains));
        Assert.Equal(200, got.Count(text => text.Contains("kept", StringComparison.Ordinal)));
        Assert.InRange(got.Count, 260, 340);
        await Bench.Until(() => bench.Ledger("ledger.injected").Length == 400 - got.Count);
        var dropped = bench.Ledger("ledger.injected");
        Assert.All(dropped, line => Assert.Equal("dropped", line["action"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Duplicate_delivers_twice_in_a_row()
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.WebSocketAsync();
        using var client = await Bench.ConnectAsync(address);
        await AddAsync(bench, "ws_duplicate", null, new JsonObject { ["every"] = 3 });
        Assert.Equal(["message 0", "message 1", "message 2", "message 2", "message 3", "message 4", "message 5", "message 5", "message 6"], await EchoesAsync(client, Numbers(7)));
        await InjectedAsync(bench, "duplicated");
    }

    [Fact]
    public async Task Reorder_moves_a_message_behind_later_ones()
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.WebSocketAsync();
        using var client = await Bench.ConnectAsync(address);
        await AddAsync(bench, "ws_reorder", new JsonObject { ["gap"] = 2, ["hold"] = 60_000 }, new JsonObject { ["first"] = 1 });
        Assert.Equal(["message 1", "message 2", "message 0", "message 3"], await EchoesAsync(client, Numbers(4)));
        await InjectedAsync(bench, "reordered");
    }

    [Fact]
    public async Task A_held_message_goes_on_when_nothing_follows_and_when_the_fault_leaves()
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.WebSocketAsync();
        using var client = await Bench.ConnectAsync(address);
        await AddAsync(bench, "ws_reorder", new JsonObject { ["gap"] = 5, ["hold"] = 100 });
        await client.SendTextAsync("alone");
        Assert.Equal("alone", await client.ReceiveTextAsync());
        Assert.True((await InjectedAsync(bench, "reordered"))["observed_us"]!.GetValue<long>() >= 100_000);
        await bench.Control.RemoveFaultAsync("link", "ws_reorder");
        await AddAsync(bench, "ws_delay", new JsonObject { ["latency"] = 80_000, ["reorder"] = true });
        await client.SendTextAsync("held");
        await Bench.Until(() => bench.Ledger("ledger.roll").Length == 2);
        await bench.Control.RemoveFaultAsync("link", "ws_delay");
        Assert.Equal("held", await client.ReceiveTextAsync());
    }

    [Fact]
    public async Task Delay_of_matching_messages_keeps_the_order_unless_they_may_be_overtaken()
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.WebSocketAsync();
        using var client = await Bench.ConnectAsync(address);
        var slow = """{"push":{"channel":"acme:hot","n":1}}""";
        var quick = """{"push":{"channel":"acme:cold","n":2}}""";
        var match = new JsonObject { ["match"] = new JsonObject { ["push.channel"] = "acme:hot", ["method"] = "push" } };
        await AddAsync(bench, "ws_delay", new JsonObject { ["latency"] = 150 }, (JsonObject)match.DeepClone());
        Assert.Equal([slow, quick], await EchoesAsync(client, [slow, quick]));
        var delayed = await InjectedAsync(bench, "delayed");
        Assert.True(delayed["observed_us"]!.GetValue<long>() >= 150_000);
        await bench.Control.RemoveFaultAsync("link", "ws_delay");
        await AddAsync(bench, "ws_delay", new JsonObject { ["latency"] = 200, ["reorder"] = true }, match);
        await client.SendTextAsync(slow);
        await client.SendTextAsync(quick);
        Assert.Equal(quick, await client.ReceiveTextAsync());
        Assert.Equal(slow, await client.ReceiveTextAsync());
    }

    [Fact]
    public async Task Corrupt_alters_one_bit()
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.WebSocketAsync();
        using var client = await Bench.ConnectAsync(address);
        await AddAsync(bench, "ws_corrupt");
        var sent = new byte[500];
        await client.SendAsync(sent, WebSocketMessageType.Binary, true, CancellationToken.None);
        var buffer = new byte[1000];
        var got = await client.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
        Assert.Equal(500, got.Count);
        Assert.Equal(1, buffer.Take(500).Sum(b => System.Numerics.BitOperations.PopCount(b)));
        await InjectedAsync(bench, "corrupted");
    }

    [Theory]
    [InlineData("upstream", 10)]
    [InlineData("downstream", 10)]
    [InlineData("downstream", 1000)]
    public async Task Truncate_keeps_the_first_part_of_a_well_formed_message(string stream, int length)
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.WebSocketAsync();
        using var client = await Bench.ConnectAsync(address);
        var text = string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + i % 26)));
        await AddAsync(bench, "ws_truncate", new JsonObject { ["keep"] = 0.3 }, stream: stream);
        await client.SendTextAsync(text);
        Assert.Equal(text[..(length * 3 / 10)], await client.ReceiveTextAsync());
        await InjectedAsync(bench, "truncated");
        // The connection goes on: what came was well-formed.
        await bench.Control.RemoveFaultAsync("link", "ws_truncate");
        await client.EchoAsync("fine");
    }

    [Fact]
    public async Task Fragments_share_the_fate_of_their_message_and_control_frames_between_them_pass()
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.WebSocketAsync();
        using var client = await RawWebSocket.ConnectAsync(address);
        await AddAsync(bench, "ws_drop", null, new JsonObject { ["every"] = 2 });
        await client.SendAsync(1, "a"u8, final: false);
        await client.SendAsync(0, "b"u8);
        // The second message is lost with all its fragments; the ping between them is not.
        await client.SendAsync(1, "c"u8, final: false);
        await client.SendAsync(9, "ping"u8);
        await client.SendAsync(0, "d"u8, final: false);
        await client.SendAsync(0, "e"u8);
        await client.SendAsync(1, "f"u8);
        var data = new StringBuilder();
        var pong = "";
        while (data.Length < 3)
        {
            var (opcode, payload) = await client.ReceiveAsync();
            if (opcode == 10) pong = Encoding.UTF8.GetString(payload);
            else data.Append(Encoding.UTF8.GetString(payload));
        }
        Assert.Equal("abf", data.ToString());
        Assert.Equal("ping", pong);
        var dropped = await InjectedAsync(bench, "dropped");
        Assert.Equal(1, dropped["item"]!.GetValue<long>());
    }

    [Fact]
    public async Task Truncating_fragments_gives_one_frame_under_the_first_mask()
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.WebSocketAsync();
        using var client = await RawWebSocket.ConnectAsync(address);
        await AddAsync(bench, "ws_truncate", new JsonObject { ["keep"] = 0.5 });
        await client.SendAsync(1, "abcd"u8, final: false);
        await client.SendAsync(0, "efgh"u8, final: false);
        await client.SendAsync(0, "ijkl"u8);
        var (opcode, payload) = await client.ReceiveAsync();
        Assert.Equal((1, "abcdef"), (opcode, Encoding.UTF8.GetString(payload)));
    }

    [Fact]
    public async Task Control_frames_can_be_swallowed_while_data_flows()
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.WebSocketAsync();
        using var client = await RawWebSocket.ConnectAsync(address);
        await AddAsync(bench, "ws_drop_control");
        await client.SendAsync(9, "1"u8);
        await client.SendAsync(1, "data"u8);
        Assert.Equal(1, (await client.ReceiveAsync()).Opcode);
        Assert.Equal("dropped", (await bench.LedgerAsync("ledger.injected"))["action"]!.GetValue<string>());
        Assert.Equal("ping", (await bench.LedgerAsync("ledger.control"))["frame"]!.GetValue<string>());
        await bench.Control.RemoveFaultAsync("link", "ws_drop_control");
        await client.SendAsync(9, "2"u8);
        var (opcode, payload) = await client.ReceiveAsync();
        Assert.Equal((10, "2"), (opcode, Encoding.UTF8.GetString(payload)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Throttle_lets_a_number_of_messages_a_second_through(bool shared)
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.WebSocketAsync();
        using var one = await Bench.ConnectAsync(address);
        using var two = await Bench.ConnectAsync(address);
        await AddAsync(bench, "ws_throttle", new JsonObject { ["rate"] = 20, ["shared"] = shared });
        var start = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(EchoesAsync(one, Numbers(4)), EchoesAsync(two, Numbers(4)));
        // Five messages each: the first at once, the others 50 ms apart, or all ten in one row.
        Assert.True(TimeProvider.System.GetElapsedTime(start).TotalMilliseconds >= (shared ? 450 : 200) - 1);
        await InjectedAsync(bench, "throttled");
    }

    [Fact]
    public async Task A_message_that_is_too_long_to_hold_passes_untouched()
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.WebSocketAsync();
        using var client = await Bench.ConnectAsync(address);
        await AddAsync(bench, "ws_drop");
        var sent = new byte[3 * 1024 * 1024];
        new Random(1).NextBytes(sent);
        var sending = client.SendAsync(sent, WebSocketMessageType.Binary, true, CancellationToken.None);
        using var got = new MemoryStream();
        var buffer = new byte[64 * 1024];
        ValueWebSocketReceiveResult part;
        do
        {
            part = await client.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
            got.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        await sending;
        Assert.Equal(sent, got.ToArray());
    }

    [Fact]
    public async Task Frames_are_counted_by_opcode()
    {
        await using var bench = await Bench.StartAsync();
        var (_, address) = await bench.WebSocketAsync();
        using (var client = await Bench.ConnectAsync(address))
        {
            await client.EchoAsync("one");
            await client.EchoAsync("two");
            await client.CloseAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None);
        }
        var closed = await bench.LedgerAsync("ledger.closed");
        Assert.Equal("""{"text":2,"close":1}""", closed["opcodes_up"]!.ToJsonString());
        Assert.Equal("""{"text":2,"close":1}""", closed["opcodes_down"]!.ToJsonString());
    }
}
