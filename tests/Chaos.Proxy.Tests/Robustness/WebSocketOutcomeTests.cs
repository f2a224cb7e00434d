using System.Net.Sockets;
using System.Text;
using Chaos.Proxy.Tests.Support;

namespace Chaos.Proxy.Tests.Robustness;

/// <summary>What each end of a WebSocket connection sees of what the other does, with and without faults on it that do nothing.</summary>
public sealed class WebSocketOutcomeTests
{
    private const int SilenceMs = 300;

    private static readonly byte[] Close = [0x88, 0x02, 0x03, 0xE8];

    private static readonly byte[] MaskedClose = [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE8];

    private static byte[] Frame(byte[] payload) => [0x82, 127, 0, 0, 0, 0, .. BigEndian(payload.Length), .. payload];

    private static byte[] Masked(byte[] payload) => [0x82, 0x80 | 127, 0, 0, 0, 0, .. BigEndian(payload.Length), 0, 0, 0, 0, .. payload];

    private static byte[] BigEndian(int length) => [(byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length];

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_reset_by_the_client_is_one_for_the_upstream(bool idleFault)
    {
        await using var legs = await Legs.OpenAsync(webSocket: true, idleFault);
        legs.Client.Abort();
        Assert.Equal("rst", await legs.Upstream.EndingAsync());
        await legs.GoneAsync();
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_reset_by_the_upstream_is_one_for_the_client(bool idleFault)
    {
        await using var legs = await Legs.OpenAsync(webSocket: true, idleFault);
        legs.Upstream.Abort();
        Assert.Equal("rst", await legs.Client.EndingAsync());
        await legs.GoneAsync();
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_upstream_that_ends_without_a_close_frame_is_an_end_for_the_client(bool idleFault)
    {
        await using var legs = await Legs.OpenAsync(webSocket: true, idleFault);
        await legs.Upstream.SendAllAsync(Frame([1, 2, 3]));
        legs.Upstream.Shutdown(SocketShutdown.Both);
        legs.Upstream.Close();
        Assert.Equal(Frame([1, 2, 3]), await legs.Client.ReadAsync(Frame([1, 2, 3]).Length));
        Assert.Equal("fin", await legs.Client.EndingAsync());
        await legs.GoneAsync();
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_client_that_ends_without_a_close_frame_is_an_end_for_the_upstream(bool idleFault)
    {
        await using var legs = await Legs.OpenAsync(webSocket: true, idleFault);
        await legs.Client.SendAllAsync(Masked([1, 2, 3]));
        legs.Client.Shutdown(SocketShutdown.Send);
        Assert.Equal(Masked([1, 2, 3]), await legs.Upstream.ReadAsync(Masked([1, 2, 3]).Length));
        Assert.Equal("fin", await legs.Upstream.EndingAsync());
        legs.Upstream.Shutdown(SocketShutdown.Send);
        await legs.GoneAsync();
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_closing_handshake_of_the_upstream_reaches_the_client_in_order(bool idleFault)
    {
        await using var legs = await Legs.OpenAsync(webSocket: true, idleFault);
        await legs.Upstream.SendAllAsync(Close);
        Assert.Equal(Close, await legs.Client.ReadAsync(Close.Length));
        await legs.Client.SendAllAsync(MaskedClose);
        Assert.Equal(MaskedClose, await legs.Upstream.ReadAsync(MaskedClose.Length));
        legs.Upstream.Shutdown(SocketShutdown.Send);
        Assert.Equal("fin", await legs.Client.EndingAsync());
        legs.Client.Shutdown(SocketShutdown.Send);
        await legs.GoneAsync();
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Where_the_upstream_is_down_the_handshake_is_answered_with_502(bool idleFault)
    {
        await using var legs = await Legs.PrepareAsync(webSocket: true, idleFault, shakesHands: true);
        await legs.Server.DisposeAsync();
        using var client = await RawClient.OpenAsync(legs.Address);
        await RawClient.SendHandshakeAsync(client);
        Assert.StartsWith("HTTP/1.1 502 ", await RawClient.ReadHeadAsync(client), StringComparison.Ordinal);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_upstream_that_does_not_answer_the_handshake_is_silence_until_the_client_gives_up(bool idleFault)
    {
        await using var legs = await Legs.PrepareAsync(webSocket: true, idleFault, shakesHands: false);
        using var client = await RawClient.OpenAsync(legs.Address);
        await RawClient.SendHandshakeAsync(client);
        using var upstream = await legs.Server.AcceptAsync();
        Assert.StartsWith("GET /connection ", await RawClient.ReadHeadAsync(upstream), StringComparison.Ordinal);
        Assert.Equal("silent", await client.EndingAsync(SilenceMs));
        client.Abort();
        Assert.NotEqual("silent", await upstream.EndingAsync());
        await legs.GoneAsync();
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_upstream_that_says_nothing_is_silence_for_the_client(bool idleFault)
    {
        await using var legs = await Legs.OpenAsync(webSocket: true, idleFault);
        var ask = Masked(Encoding.ASCII.GetBytes("anybody?"));
        await legs.Client.SendAllAsync(ask);
        Assert.Equal("silent", await legs.Client.EndingAsync(SilenceMs));
        Assert.Equal(ask, await legs.Upstream.ReadAsync(ask.Length));
        await legs.Upstream.SendAllAsync(Frame([7]));
        Assert.Equal(Frame([7]), await legs.Client.ReadAsync(Frame([7]).Length));
    }

    [Theory, InlineData(false, false), InlineData(false, true), InlineData(true, false), InlineData(true, true)]
    public async Task A_slow_reader_holds_the_sender_back_and_gets_everything(bool idleFault, bool slowUpstream)
    {
        await using var legs = await Legs.OpenAsync(webSocket: true, idleFault, SlowReader.BufferBytes);
        var (sender, reader) = slowUpstream ? (legs.Client, legs.Upstream) : (legs.Upstream, legs.Client);
        var sending = new SlowReader(sender, slowUpstream ? Masked : Frame);
        await sending.StalledAsync();
        await sending.ReadAllAsync(reader);
    }

    [Theory, InlineData(false, false), InlineData(false, true), InlineData(true, false), InlineData(true, true)]
    public async Task A_reader_that_was_slow_and_resets_ends_the_sender_too(bool idleFault, bool slowUpstream)
    {
        await using var legs = await Legs.OpenAsync(webSocket: true, idleFault, SlowReader.BufferBytes);
        var (sender, reader) = slowUpstream ? (legs.Client, legs.Upstream) : (legs.Upstream, legs.Client);
        var sending = new SlowReader(sender, slowUpstream ? Masked : Frame, endless: true);
        await sending.StalledAsync();
        reader.Abort();
        await sending.FailsAsync();
        await legs.GoneAsync();
    }

    [Theory, InlineData(false, false), InlineData(false, true), InlineData(true, false), InlineData(true, true)]
    public async Task A_sender_that_resets_is_noticed_by_a_slow_reader_once_it_reads(bool idleFault, bool slowUpstream)
    {
        await using var legs = await Legs.OpenAsync(webSocket: true, idleFault, SlowReader.BufferBytes);
        var (sender, reader) = slowUpstream ? (legs.Client, legs.Upstream) : (legs.Upstream, legs.Client);
        var sending = new SlowReader(sender, slowUpstream ? Masked : Frame);
        await sending.StalledAsync();
        sender.Abort();
        Assert.Equal("rst", await reader.EndingAsync());
        await legs.GoneAsync();
    }
}
