using Chaos.Journal.Events;

namespace Chaos.Experiments.Checks.Evidence;

/// <summary>A client's stay on a channel: from its first subscription until it was told, or chose, to go for good.</summary>
internal sealed record Stay(string Client, long FromUs, long ToUs)
{
    /// <summary>Whether a message that was due then should have reached the client.</summary>
    public bool Covers(long us) => us > FromUs && us < ToUs;
}

/// <summary>Who should have got messages, and what they got.</summary>
internal sealed class Deliveries
{
    private readonly Dictionary<(string Client, FeedKey Feed), Dictionary<long, long>> _first = [];
    private readonly Dictionary<(string Client, FeedKey Feed), List<long>> _order = [];
    private readonly Dictionary<string, Dictionary<string, Stay>> _stays = [];

    private Deliveries()
    {
    }

    /// <summary>Reads them from the subscribers' events.</summary>
    public static Deliveries Of(IReadOnlyList<JournalEvent> events)
    {
        var all = new Deliveries();
        foreach (var entry in events)
        {
            switch (entry)
            {
                case ClientSubscribed e when Fleets.IsClient(e.Client):
                    all.Begin(e.Client, e.Channel, e.At);
                    break;
                case ClientUnsubscribed { Code: < 2500 } e:
                    all.End(e.Client, e.Channel, e.At);
                    break;
                case ClientDisconnected e when e.Terminal || e.Cause == "local":
                    foreach (var channel in all._stays.Keys) all.End(e.Client, channel, e.At);
                    break;
                case ClientDelivered e when Fleets.IsClient(e.Client):
                    all.Add(e);
                    break;
            }
        }

        return all;
    }

    /// <summary>Every stay on a channel.</summary>
    public IEnumerable<Stay> On(string channel) => _stays.TryGetValue(channel, out var stays) ? stays.Values : [];

    /// <summary>Time from due to the first delivery of a message to a client in microseconds, or null.</summary>
    public long? Find(string client, FeedKey feed, long n) =>
        _first.TryGetValue((client, feed), out var seen) && seen.TryGetValue(n, out var us) ? us : null;

    /// <summary>What a client got of a feed, in the order it came, repeats included.</summary>
    public IReadOnlyList<long> Order(string client, FeedKey feed) => _order.TryGetValue((client, feed), out var order) ? order : [];

    private void Begin(string client, string channel, long at)
    {
        if (!_stays.TryGetValue(channel, out var stays)) _stays[channel] = stays = [];
        stays.TryAdd(client, new Stay(client, at, long.MaxValue));
    }

    private void End(string client, string channel, long at)
    {
        if (_stays.TryGetValue(channel, out var stays) && stays.TryGetValue(client, out var stay) && stay.ToUs == long.MaxValue)
            stays[client] = stay with { ToUs = at };
    }

    private void Add(ClientDelivered e)
    {
        var key = (e.Client, new FeedKey(e.Channel, e.Publisher));
        if (!_first.TryGetValue(key, out var first)) _first[key] = first = [];
        if (!_order.TryGetValue(key, out var order)) _order[key] = order = [];
        for (var i = 0; i < e.N.Length; i++)
        {
            first.TryAdd(e.N[i], e.Us[i]);
            order.Add(e.N[i]);
        }
    }
}
