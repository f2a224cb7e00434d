using Chaos.Journal;
using Chaos.Journal.Events;
using Chaos.Load.Recording;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Chaos.Client.Tests.Load;

public sealed class ClientRecordTests : IAsyncDisposable
{
    private readonly MemoryJournal _journal = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly FleetRecorder _recorder;
    private readonly ClientRecord _client;

    public ClientRecordTests()
    {
        _recorder = new FleetRecorder(Specs.Fleet(_journal, time: _time), ["c-0001"], ["feed-0001"]);
        _client = _recorder.Clients[0];
    }

    public ValueTask DisposeAsync() => _recorder.DisposeAsync();

    [Fact]
    public void Deliveries_of_one_publisher_are_one_line_in_their_order()
    {
        Deliver(10, "acme:a", "p", 1);
        Deliver(20, "acme:a", "q", 1);
        Deliver(30, "acme:a", "p", 2);
        Deliver(35, "acme:b", "p", 1);
        _recorder.Flush();

        var lines = _journal.Of<ClientDelivered>();
        Assert.Equal(3, lines.Count);
        Assert.Equal(("p", "acme:a", 30L), (lines[0].Publisher, lines[0].Channel, lines[0].At));
        Assert.Equal([1, 2], lines[0].N);
        Assert.Equal([5, 5], lines[0].Us);
        Assert.Equal([5, 25], lines[0].SentAt);
        Assert.Equal(("q", 20L), (lines[1].Publisher, lines[1].At));
        Assert.Equal("acme:b", lines[2].Channel);
        Assert.All(lines, line => Assert.Equal("x", line.X));
    }

    [Fact]
    public void Any_other_event_of_the_client_comes_after_what_was_delivered_before_it()
    {
        Deliver(10, "acme:a", "p", 1);
        _client.Acked(11, "acme:a", 1, 5);
        _client.Disconnected(12, "transport", null, null, false);
        Deliver(20, "acme:a", "p", 2);
        _client.Connected(21, "s", true, "eu.gateway-1");
        Assert.Equal(
            [typeof(ClientDelivered), typeof(ClientAcked), typeof(ClientDisconnected), typeof(ClientDelivered), typeof(ClientConnected)],
            _journal.Events.Select(e => e.GetType()));
    }

    [Fact]
    public async Task A_batch_leaves_within_200_ms()
    {
        Deliver(_recorder.NowUs, "acme:a", "p", 1);
        // The fake clock releases the flushing round; that it runs then is for the machine, which takes its time.
        for (var ms = 0; ms < 200; ms += 10) _time.Advance(TimeSpan.FromMilliseconds(10));
        await Wait.UntilAsync(() => _journal.Events.Count > 0);
    }

    [Fact]
    public void State_follows_the_events()
    {
        Assert.False(_client.IsLive(["acme:a"]));
        _client.Connected(1, null, false, null);
        Assert.False(_client.IsLive(["acme:a"]));
        _client.Subscribed(2, "acme:a", false, false, "e", 0);
        Assert.True(_client.IsLive(["acme:a"]));
        _client.Disconnected(3, "close", 3001, "shutdown", false);
        Assert.False(_client.IsLive(["acme:a"]));
        Assert.True(_client.Expects("acme:a"));
        _client.Unsubscribed(4, "acme:a", 2500, "insufficient state");
        Assert.True(_client.Expects("acme:a"));
        _client.Unsubscribed(5, "acme:a", 103, "permission denied");
        Assert.False(_client.Expects("acme:a"));
        _client.Disconnected(6, "local", null, null, true);
        Assert.False(_client.IsTerminal);
        _client.Disconnected(7, "close", 3500, "invalid token", true);
        Assert.True(_client.IsTerminal);
    }

    [Fact]
    public void Of_a_backstage_publisher_only_acknowledgements_and_failures_are_written()
    {
        var feed = _recorder.Backstage[0];
        feed.Attempt(1, 0, 0);
        feed.Connected(2, "s", false, null);
        feed.Disconnected(3, "transport", null, null, false);
        feed.Acked(4, "acme:a", 1, 1);
        feed.Error(5, 108, "not available");
        Assert.Equal([typeof(ClientAcked), typeof(ClientError)], _journal.Events.Select(e => e.GetType()));
        feed.Disconnected(6, "local", null, null, true);
        Assert.Empty(_journal.Of<HarnessFailed>());
        feed.Disconnected(7, "close", 3500, "invalid token", true);
        Assert.Single(_journal.Of<HarnessFailed>());
    }

    [Fact]
    public void A_snapshot_has_the_percentiles_since_the_one_before()
    {
        for (var n = 1; n <= 100; n++) _client.Delivered(n, "acme:a", "p", [n], [0], [n * 1000]);
        var first = _recorder.Snapshot();
        Assert.Equal(100, first.Delivered);
        Assert.Equal(50, first.DeliveryP50Ms, tolerance: 0.1);
        Assert.Equal(99, first.DeliveryP99Ms, tolerance: 0.1);
        var second = _recorder.Snapshot();
        Assert.Equal((100L, 0.0, 0.0), (second.Delivered, second.DeliveryP50Ms, second.DeliveryP99Ms));
    }

    private void Deliver(long at, string channel, string publisher, long n) => _client.Delivered(at, channel, publisher, [n], [at - 5], [5]);
}
