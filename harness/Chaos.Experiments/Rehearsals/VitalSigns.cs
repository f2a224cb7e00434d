using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Statistics;
using Chaos.Journal.Events;

namespace Chaos.Experiments.Rehearsals;

/// <summary>
/// Keeps what the fleet's events of the last seconds say. Messages count when they arrive, so that a stall shows at once as messages that do
/// not come, and then as late ones. A channel that is limited on purpose is left out: what becomes of it is the price of the limit, and the question
/// is how the others are. Fed by one thread.
/// </summary>
internal sealed class VitalSigns(FleetDefinition fleet)
{
    /// <summary>How far back vitals look.</summary>
    public const long SpanUs = 3_000_000;

    /// <summary>Clients write what was delivered in batches; nothing of the last moments is there yet.</summary>
    private const long LagUs = 300_000;

    private const long KeptUs = 6_000_000;

    private readonly List<(long AtUs, string Channel, long Us)> _deliveries = [];
    private readonly List<(long AtUs, string Channel)> _acks = [];
    private readonly List<(long AtUs, string Channel)> _refusals = [];
    private readonly HashSet<string> _limited = new(StringComparer.Ordinal);
    private readonly HashSet<string> _connected = new(StringComparer.Ordinal);

    /// <summary>Takes note of an event.</summary>
    public void Add(JournalEvent entry)
    {
        switch (entry)
        {
            case ClientDelivered e when Fleets.IsClient(e.Client):
                // What a stranger floods a channel with is late too, and nobody was promised it.
                for (var i = 0; i < e.N.Length; i++) _deliveries.Add((e.SentAt[i] + e.Us[i], e.Channel, Fleets.IsClient(e.Publisher) ? e.Us[i] : -1));
                break;
            case ClientAcked e when Fleets.IsClient(e.Client):
                for (var i = 0; i < e.N.Length; i++) _acks.Add((e.SentAt[i] + e.Us[i], e.Channel));
                break;
            case ClientPublishFailed e when Fleets.IsClient(e.Client):
                _refusals.Add((e.At, e.Channel));
                break;
            case ClientConnected e when Fleets.IsClient(e.Client):
                _connected.Add(e.Client);
                break;
            case ClientDisconnected e:
                _connected.Remove(e.Client);
                break;
        }
    }

    /// <summary>A channel is limited on purpose, or no longer.</summary>
    public void Limited(string channel, bool on)
    {
        if (on) _limited.Add(channel);
        else _limited.Remove(channel);
    }

    /// <summary>How the fleet is.</summary>
    public Vitals At(long nowUs)
    {
        Forget(nowUs - KeptUs);
        var (from, to) = (nowUs - SpanUs - LagUs, nowUs - LagUs);
        double[] ms = [.. _deliveries.Where(d => Counts(d.AtUs, d.Channel) && d.Us >= 0).Select(d => d.Us / 1000.0).Order()];
        var (acked, refused) = (_acks.Count(a => Counts(a.AtUs, a.Channel)), _refusals.Count(a => Counts(a.AtUs, a.Channel)));
        var due = fleet.Feed!.RatePerSecond * SpanUs / 1e6 * fleet.Count / fleet.Channels * (fleet.Channels - _limited.Count) / fleet.Channels;
        return new Vitals(Percentile(ms, 0.5), Percentile(ms, 0.95), Percentile(ms, 0.99), due > 0 ? Math.Min(1, ms.Length / due) : 1, acked + refused == 0 ? 0 : refused / (double)(acked + refused),
            _connected.Count / (double)fleet.Count);

        bool Counts(long atUs, string channel) => atUs > from && atUs <= to && !_limited.Contains(channel);
    }

    /// <summary>The channel with most deliveries in the last five seconds, and its share of all; null without any.</summary>
    public (string Channel, double Share)? Hottest(long nowUs)
    {
        var recent = _deliveries.Where(d => d.AtUs > nowUs - 5_000_000).GroupBy(d => d.Channel, StringComparer.Ordinal).Select(g => (Channel: g.Key, Count: g.Count())).ToList();
        if (recent.Count == 0) return null;
        var most = recent.OrderByDescending(c => c.Count).ThenBy(c => c.Channel, StringComparer.Ordinal).First();
        return (most.Channel, most.Count / (double)recent.Sum(c => c.Count));
    }

    private void Forget(long beforeUs)
    {
        _deliveries.RemoveAll(d => d.AtUs < beforeUs);
        _acks.RemoveAll(a => a.AtUs < beforeUs);
        _refusals.RemoveAll(a => a.AtUs < beforeUs);
    }

    private static double? Percentile(double[] sorted, double p) => sorted.Length == 0 ? null : sorted[Math.Max(0, (int)Math.Ceiling(p * sorted.Length) - 1)];
}
