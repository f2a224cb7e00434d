using System.IO.Compression;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Chaos.Proxy.Client;
using Chaos.Proxy.Faults;
using Chaos.Proxy.Tests.Support;
using Chaos.Proxy.WebSockets;

namespace Chaos.Proxy.Tests.WebSockets;

/// <summary>Message faults and permessage-deflate: a fault does what it says, or nothing.</summary>
public sealed class DeflateTests
{
    private static readonly DeflatePolicy Strip = new(DeflatePolicy.Strip, false);
    private static readonly DeflatePolicy Alone = new(DeflatePolicy.NoContextTakeover, false);

    [Fact]
    public void The_offer_is_stripped_or_narrowed_and_other_extensions_stay()
    {
        const string Offer = "permessage-deflate; client_max_window_bits, x-other";
        Assert.Equal("x-other", Deflate.Offer(Offer, [Strip, Alone]));
        Assert.Equal("permessage-deflate; client_max_window_bits; server_no_context_takeover; client_no_context_takeover, x-other", Deflate.Offer(Offer, [Alone]));
        Assert.Equal(Offer, Deflate.Offer(Offer, [new DeflatePolicy(DeflatePolicy.Strip, true)]));
        Assert.Null(Deflate.Offer("permessage-deflate", [Strip]));
        Assert.Null(Deflate.Offer("", [Strip]));
    }

    [Theory]
    [InlineData("", nameof(Compression.None))]
    [InlineData("permessage-deflate", nameof(Compression.WithContext))]
    [InlineData("permessage-deflate; server_no_context_takeover", nameof(Compression.WithContext))]
    [InlineData("permessage-deflate; server_no_context_takeover; client_no_context_takeover", nameof(Compression.EachMessage))]
    public void What_was_agreed_on_is_understood(string answer, string expected) => Assert.Equal(expected, Deflate.Agreed(answer).ToString());

    private static async Task<(Bench Bench, ClientWebSocket Client)> ConnectAsync(Func<Bench, Task>? before = null)
    {
        var bench = await Bench.StartAsync();
        var (_, address) = await bench.WebSocketAsync();
        if (before is not null) await before(bench);
        var client = new ClientWebSocket();
        client.Options.DangerousDeflateOptions = new WebSocketDeflateOptions();
        await client.ConnectAsync(address, CancellationToken.None);
        return (bench, client);
    }

    private static Task<FaultInfo> DropAsync(Bench bench, JsonObject? attributes = null) =>
        bench.Control.AddFaultAsync("link", new FaultRequest("drop", "ws_drop", "upstream", 1, attributes,
            Target: new JsonObject { ["messages"] = new JsonObject { ["match"] = new JsonObject { ["kind"] = "drop" } } }));

    private static async Task TalkAsync(ClientWebSocket client)
    {
        for (var i = 0; i < 10; i++)
        {
            await client.SendTextAsync($$"""{"kind":"drop","n":{{i}},"text":"the same words again and again"}""");
            var kept = $$"""{"kind":"keep","n":{{i}},"text":"the same words again and again"}""";
            await client.SendTextAsync(kept);
            Assert.Equal(kept, await client.ReceiveTextAsync());
        }
    }

    [Fact]
    public async Task Compression_passes_through_when_no_fault_minds()
    {
        var (bench, client) = await ConnectAsync(b => b.FaultAsync("latency", new JsonObject { ["latency"] = 1 }));
        await using var _ = bench;
        using var __ = client;
        for (var i = 0; i < 10; i++) await client.EchoAsync(new string('a', 1000));
        // Compressed, or the bytes would be ten times as many.
        client.Abort();
        var closed = await bench.LedgerAsync("ledger.closed");
        Assert.InRange(closed["bytes_up"]!.GetValue<long>(), 1, 2000);
    }

    [Fact]
    public async Task By_default_a_message_fault_strips_the_offer()
    {
        var (bench, client) = await ConnectAsync(b => DropAsync(b));
        await using var _ = bench;
        using var __ = client;
        await TalkAsync(client);
        await Bench.Until(() => bench.Ledger("ledger.injected").Length == 10);
    }

    [Fact]
    public async Task Without_context_takeover_messages_are_compressed_and_matched()
    {
        var (bench, client) = await ConnectAsync(b => DropAsync(b, new JsonObject { ["deflate"] = "no_context_takeover" }));
        await using var _ = bench;
        using var __ = client;
        await TalkAsync(client);
        await Bench.Until(() => bench.Ledger("ledger.injected").Length == 10);
    }

    [Fact]
    public async Task A_connection_that_would_be_destroyed_is_left_alone_unless_that_is_wanted()
    {
        var (bench, client) = await ConnectAsync();
        await using var _ = bench;
        using var __ = client;
        await client.EchoAsync("warm");
        await bench.Control.AddFaultAsync("link", new FaultRequest("drop", "ws_drop", "upstream"));
        var roll = await bench.LedgerAsync("ledger.roll");
        Assert.False(roll["hit"]!.GetValue<bool>());
        Assert.Equal("permessage-deflate with context takeover", roll["refusal"]!.GetValue<string>());
        await client.EchoAsync("still whole");
        await bench.Control.AddFaultAsync("link", new FaultRequest("harm", "ws_drop", "upstream", Attributes: new JsonObject { ["corrupt_stream"] = true }));
        await client.SendTextAsync("lost");
        Assert.Equal("dropped", (await bench.LedgerAsync("ledger.injected"))["action"]!.GetValue<string>());
    }

    [Fact]
    public void A_payload_that_unpacks_to_too_much_is_not_read()
    {
        using var packed = new MemoryStream();
        using (var deflater = new DeflateStream(packed, CompressionLevel.Optimal, leaveOpen: true)) deflater.Write(new byte[64 * 1024 * 1024]);
        var payload = packed.ToArray();
        var message = new Chaos.Proxy.WebSockets.Messages.Message(0, 0xC1);
        message.Append([0xC1, 127, 0, 0, 0, 0, (byte)(payload.Length >> 24), (byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, .. payload]);
        message.EndFrame(10, null);
        Assert.Null(Chaos.Proxy.WebSockets.Messages.MessagePayload.Read(message));
        Assert.False(Chaos.Proxy.WebSockets.Messages.MessageFields.Match(Encoding.UTF8.GetBytes("no json {"), new Dictionary<string, string> { ["a"] = "*" }));
    }
}
