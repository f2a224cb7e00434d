using Chaos.Journal.Events;

namespace Chaos.Experiments.Checks.Evidence;

/// <summary>Where a message belongs: its channel and who published it.</summary>
internal readonly record struct FeedKey(string Channel, string Publisher);

/// <summary>A message that was due.</summary>
/// <param name="N">The publisher's counter.</param>
/// <param name="DueUs">When it was due to be sent.</param>
/// <param name="AckedUs">Time from there to its acknowledgement, null without one.</param>
/// <param name="FailedUs">Time from there to its refusal, null without one.</param>
internal sealed record DueMessage(long N, long DueUs, long? AckedUs, long? FailedUs);

/// <summary>All messages of a run, as their publishers saw them.</summary>
internal sealed class Feeds
{
    private readonly Dictionary<FeedKey, SortedDictionary<long, DueMessage>> _feeds = [];

    private Feeds()
    {
    }

    /// <summary>Reads them from the publishers' events; what was neither acknowledged nor refused is known from the feed's total and
    /// the open loop's even spacing.</summary>
    public static Feeds Of(IReadOnlyList<JournalEvent> events)
    {
        var feeds = new Feeds();
        var stopped = new Dictionary<FeedKey, long>();
        foreach (var entry in events)
        {
            switch (entry)
            {
                case ClientAcked e:
                    for (var i = 0; i < e.N.Length; i++) feeds.For(e.Channel, e.Client)[e.N[i]] = new DueMessage(e.N[i], e.SentAt[i], e.Us[i], null);
                    break;
                case ClientPublishFailed e:
                    feeds.For(e.Channel, e.Client)[e.N] = new DueMessage(e.N, e.At - e.Us, null, e.Us);
                    break;
                case ClientDelivered e:
                    // An acknowledgement, earlier or later, says more than this.
                    for (var i = 0; i < e.N.Length; i++) feeds.For(e.Channel, e.Publisher).TryAdd(e.N[i], new DueMessage(e.N[i], e.SentAt[i], null, null));
                    break;
                case FeedStopped e:
                    stopped[new FeedKey(e.Channel, e.Publisher)] = e.Due;
                    break;
            }
        }

        foreach (var (key, due) in stopped) FillIn(feeds.For(key.Channel, key.Publisher), due);
        return feeds;
    }

    /// <summary>Every feed with its messages in order.</summary>
    public IEnumerable<(FeedKey Key, IEnumerable<DueMessage> Messages)> All => _feeds.Select(f => (f.Key, f.Value.Values.AsEnumerable()));

    /// <summary>Every message that was due in a window.</summary>
    public IEnumerable<(FeedKey Key, DueMessage Message)> DueIn(Window window) =>
        from feed in _feeds from message in feed.Value.Values where window.Contains(message.DueUs) select (feed.Key, message);

    private static void FillIn(SortedDictionary<long, DueMessage> known, long due)
    {
        if (known.Count < 2) return;
        var anchors = known.Values.ToArray();
        var step = (double)(anchors[^1].DueUs - anchors[0].DueUs) / (anchors[^1].N - anchors[0].N);
        var at = 0;
        for (long n = 1; n <= due; n++)
        {
            while (at + 1 < anchors.Length && anchors[at + 1].N <= n) at++;
            if (anchors[at].N == n) continue;
            known[n] = new DueMessage(n, anchors[at].DueUs + (long)((n - anchors[at].N) * step), null, null);
        }
    }

    private SortedDictionary<long, DueMessage> For(string channel, string publisher)
    {
        var key = new FeedKey(channel, publisher);
        if (!_feeds.TryGetValue(key, out var feed)) _feeds[key] = feed = [];
        return feed;
    }
}
