using System.Text.Json;
using Chaos.Journal.Events;
using Chaos.Load.Feeds;
using Chaos.Load.Fleets;
using Chaos.Load.Recording;
using Xunit;

namespace Chaos.Client.Tests.Load;

public sealed class FeedTests
{
    [Fact]
    public async Task Latency_counts_from_when_a_message_was_due()
    {
        var journal = new MemoryJournal();
        var spec = Specs.Fleet(journal, feed: new FeedSpec(false, 200, 128));
        await using var recorder = new FleetRecorder(spec, ["c-0001"], []);
        var dues = new List<long>();
        Feed feed = null!;
        using (feed = new Feed(spec, recorder, [new FeedLine("c-0001", "acme:ch-001")], (_, channel, payload, mid) =>
        {
            using var json = JsonDocument.Parse(payload);
            dues.Add(json.RootElement.GetProperty("t").GetInt64());
            feed.Acked(recorder.Clients[0], dues[^1] + 7, channel, mid);
        }))
        {
            feed.Start();
            await Wait.UntilAsync(() => recorder.Snapshot().Acked >= 20);
            await feed.StopAsync(TimeSpan.FromSeconds(5), CancellationToken.None);
        }

        var acked = journal.Of<ClientAcked>();
        Assert.Equal(dues, acked.SelectMany(a => a.SentAt));
        Assert.All(acked.SelectMany(a => a.Us), us => Assert.Equal(7, us));
        Assert.Equal(Enumerable.Range(1, dues.Count).Select(n => (long)n), acked.SelectMany(a => a.N));
        // 200 a second: 5 ms apart, whatever became of each.
        Assert.All(dues.Zip(dues.Skip(1)), pair => Assert.Equal(5000, pair.Second - pair.First, tolerance: 1));
        var stopped = Assert.Single(journal.Of<FeedStopped>());
        Assert.Equal((dues.Count, dues.Count), (stopped.Due, stopped.LastAcked));
    }

    [Fact]
    public async Task A_publisher_that_answers_nothing_is_still_handed_what_is_due_and_counted()
    {
        var journal = new MemoryJournal();
        var spec = Specs.Fleet(journal, feed: new FeedSpec(false, 500, 64));
        await using var recorder = new FleetRecorder(spec, ["c-0001"], []);
        var handed = 0;
        using var feed = new Feed(spec, recorder, [new FeedLine("c-0001", "acme:ch-001")], (_, _, _, _) => handed++);
        feed.Start();
        await Wait.UntilAsync(() => Volatile.Read(ref handed) >= 25);
        await feed.StopAsync(TimeSpan.Zero, CancellationToken.None);
        var stopped = Assert.Single(journal.Of<FeedStopped>());
        Assert.Equal((handed, 0L), (stopped.Due, stopped.LastAcked));
    }

    [Fact]
    public async Task A_second_acknowledgement_counts_once_and_one_of_nothing_is_an_error()
    {
        var journal = new MemoryJournal();
        var spec = Specs.Fleet(journal, feed: new FeedSpec(false, 1000, 64));
        await using var recorder = new FleetRecorder(spec, ["c-0001"], []);
        var handed = 0;
        using var feed = new Feed(spec, recorder, [new FeedLine("c-0001", "acme:ch-001")], (_, _, _, _) => handed++);
        feed.Start();
        await Wait.UntilAsync(() => Volatile.Read(ref handed) >= 1);
        var client = recorder.Clients[0];
        feed.Acked(client, recorder.NowUs, "acme:ch-001", "c-0001/1");
        feed.Acked(client, recorder.NowUs, "acme:ch-001", "c-0001/1");
        feed.Acked(client, recorder.NowUs, "acme:ch-001", "c-0001/999999999");
        await feed.StopAsync(TimeSpan.Zero, CancellationToken.None);
        Assert.Equal([1L], journal.Of<ClientAcked>().SelectMany(a => a.N));
        Assert.Single(journal.Of<ClientError>());
    }
}
