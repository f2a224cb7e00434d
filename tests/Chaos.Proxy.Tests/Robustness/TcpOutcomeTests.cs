using Chaos.Proxy.Tests.Support;

namespace Chaos.Proxy.Tests.Robustness;

/// <summary>What each end of a TCP connection sees of what the other does, with and without a fault on it that does nothing.</summary>
public sealed class TcpOutcomeTests
{
    private const int SilenceMs = 300;

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_client_that_ends_its_half_still_gets_what_the_upstream_says(bool idleFault)
    {
        await using var legs = await Legs.OpenAsync(webSocket: false, idleFault);
        await legs.Client.SendAllAsync("last words"u8.ToArray());
        legs.Client.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        Assert.Equal("last words"u8.ToArray(), await legs.Upstream.ReadAsync(10));
        Assert.Equal("fin", await legs.Upstream.EndingAsync());
        await legs.Upstream.SendAllAsync("goodbye"u8.ToArray());
        Assert.Equal("goodbye"u8.ToArray(), await legs.Client.ReadAsync(7));
        Assert.Equal("silent", await legs.Client.EndingAsync(SilenceMs));
        legs.Upstream.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        Assert.Equal("fin", await legs.Client.EndingAsync());
        await legs.GoneAsync();
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_upstream_that_ends_its_half_still_gets_what_the_client_says(bool idleFault)
    {
        await using var legs = await Legs.OpenAsync(webSocket: false, idleFault);
        await legs.Upstream.SendAllAsync("last words"u8.ToArray());
        legs.Upstream.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        Assert.Equal("last words"u8.ToArray(), await legs.Client.ReadAsync(10));
        Assert.Equal("fin", await legs.Client.EndingAsync());
        await legs.Client.SendAllAsync("goodbye"u8.ToArray());
        Assert.Equal("goodbye"u8.ToArray(), await legs.Upstream.ReadAsync(7));
        Assert.Equal("silent", await legs.Upstream.EndingAsync(SilenceMs));
        legs.Client.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        Assert.Equal("fin", await legs.Upstream.EndingAsync());
        await legs.GoneAsync();
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_reset_by_the_client_is_one_for_the_upstream(bool idleFault)
    {
        await using var legs = await Legs.OpenAsync(webSocket: false, idleFault);
        legs.Client.Abort();
        Assert.Equal("rst", await legs.Upstream.EndingAsync());
        await legs.GoneAsync();
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_reset_by_the_upstream_is_one_for_the_client(bool idleFault)
    {
        await using var legs = await Legs.OpenAsync(webSocket: false, idleFault);
        legs.Upstream.Abort();
        Assert.Equal("rst", await legs.Client.EndingAsync());
        await legs.GoneAsync();
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Where_the_upstream_is_down_the_client_is_reset(bool idleFault)
    {
        await using var legs = await Legs.PrepareAsync(webSocket: false, idleFault, shakesHands: false);
        await legs.Server.DisposeAsync();
        Assert.Equal("rst", await RawClient.FateAsync(legs.Address));
        await legs.GoneAsync();
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_upstream_that_says_nothing_is_silence_for_the_client(bool idleFault)
    {
        await using var legs = await Legs.OpenAsync(webSocket: false, idleFault);
        await legs.Client.SendAllAsync("anybody?"u8.ToArray());
        Assert.Equal("silent", await legs.Client.EndingAsync(SilenceMs));
        Assert.Equal("anybody?"u8.ToArray(), await legs.Upstream.ReadAsync(8));
        await legs.Upstream.SendAllAsync("yes"u8.ToArray());
        Assert.Equal("yes"u8.ToArray(), await legs.Client.ReadAsync(3));
    }

    [Theory, InlineData(false, false), InlineData(false, true), InlineData(true, false), InlineData(true, true)]
    public async Task A_slow_reader_holds_the_sender_back_and_gets_everything(bool idleFault, bool slowUpstream)
    {
        await using var legs = await Legs.OpenAsync(webSocket: false, idleFault, SlowReader.BufferBytes);
        var (sender, reader) = slowUpstream ? (legs.Client, legs.Upstream) : (legs.Upstream, legs.Client);
        var sending = new SlowReader(sender);
        await sending.StalledAsync();
        await sending.ReadAllAsync(reader);
        sender.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        Assert.Equal("fin", await reader.EndingAsync());
        reader.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        Assert.Equal("fin", await sender.EndingAsync());
        await legs.GoneAsync();
    }

    [Theory, InlineData(false, false), InlineData(false, true), InlineData(true, false), InlineData(true, true)]
    public async Task A_reader_that_was_slow_and_resets_ends_the_sender_too(bool idleFault, bool slowUpstream)
    {
        await using var legs = await Legs.OpenAsync(webSocket: false, idleFault, SlowReader.BufferBytes);
        var (sender, reader) = slowUpstream ? (legs.Client, legs.Upstream) : (legs.Upstream, legs.Client);
        var sending = new SlowReader(sender, endless: true);
        await sending.StalledAsync();
        reader.Abort();
        await sending.FailsAsync();
        await legs.GoneAsync();
    }

    [Theory, InlineData(false, false), InlineData(false, true), InlineData(true, false), InlineData(true, true)]
    public async Task A_sender_that_resets_is_noticed_by_a_slow_reader_once_it_reads(bool idleFault, bool slowUpstream)
    {
        await using var legs = await Legs.OpenAsync(webSocket: false, idleFault, SlowReader.BufferBytes);
        var (sender, reader) = slowUpstream ? (legs.Client, legs.Upstream) : (legs.Upstream, legs.Client);
        var sending = new SlowReader(sender);
        await sending.StalledAsync();
        sender.Abort();
        Assert.Equal("rst", await reader.EndingAsync());
        await legs.GoneAsync();
    }
}
