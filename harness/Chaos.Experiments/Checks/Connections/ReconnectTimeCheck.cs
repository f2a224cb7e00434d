using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Checks.Options;
using Chaos.Experiments.Definitions;
using Chaos.Journal.Events;
using Chaos.Journal.Fleets;

namespace Chaos.Experiments.Checks.Connections;

/// <summary>How long is a session without messages when its connection is cut?</summary>
internal sealed class ReconnectTimeCheck() : Check("reconnect_time", "After a cut, sessions get messages again within the budget.",
    Percentiles.Statistic, P95, P99, MinSamples, Fault)
{
    private static readonly NumberOption P95 = new("p95_ms", "Budget of the 95th percentile, in milliseconds.", null, Budget: BudgetKeys.ReconnectP95);
    private static readonly NumberOption P99 = new("p99_ms", "Budget of the 99th percentile, in milliseconds.", null, Budget: BudgetKeys.ReconnectP99);
    private static readonly NumberOption MinSamples = new("min_samples", "Fewest sessions that must have been cut.", 110, 1, 1e6, Whole: true);
    private static readonly TextOption Fault = new("fault", "Name of the fault whose cuts count; all by default.");

    /// <inheritdoc />
    protected override Finding Judge(CheckContext context)
    {
        var fault = Fleets.FaultOf(context, Fault.OrNull(context));
        var wire = Wire.Of(context.Events, context.Definition.Fleet.Link);
        var resumptions = Resumptions(context);
        var end = Fleets.EndUs(context.Events);
        var times = new List<double>();
        foreach (var client in wire.Clients)
        {
            var cuts = client.Closed.Values.Where(c => c.By == "fault" && context.Window.Contains(c.At) && (fault is null || Fleets.IsFault(c.Fault, fault)))
                .Select(c => c.At).Order();
            Outages(cuts, cut => resumptions.TryGetValue(client.Client, out var moments) ? moments.After(cut) : null, end, times);
        }

        Simulated(context, fault, end, times);
        var budgets = new List<PercentileBudget>();
        if (P95.OrNull(context) is { } p95) budgets.Add(new PercentileBudget("p95", 0.95, p95));
        if (P99.OrNull(context) is { } p99) budgets.Add(new PercentileBudget("p99", 0.99, p99));
        return Percentiles.Judge(context.Definition.World.IsExternal ? "from the cut to a new connection" : "from the cut to messages again", times, budgets, MinSamples.IntOf(context));
    }

    private static void Outages(IEnumerable<long> cuts, Func<long, long?> backAfter, long end, List<double> times)
    {
        var busyUntil = long.MinValue;
        foreach (var cut in cuts)
        {
            // A cut before the session was back is part of the same outage.
            if (cut < busyUntil) continue;
            var back = backAfter(cut);
            busyUntil = back ?? long.MaxValue;
            times.Add(back is { } us && us <= end ? (us - cut) / 1000.0 : double.PositiveInfinity);
        }
    }

    // Simulated fleets have no messages; the subscription is live with the connect reply, which it was asked for together with.
    private static void Simulated(CheckContext context, string? fault, long end, List<double> times)
    {
        if (FleetTable.Of(context.Events, context.Definition.Fleet.Link) is not { } table) return;
        var (attempts, cuts) = (new List<FleetAttempt>(), new List<FleetCut>());
        for (var client = 1; client <= table.Clients; client++)
        {
            table.Read(client, attempts, cuts);
            Outages(cuts.Where(c => context.Window.Contains(c.CutUs) && (fault is null || Fleets.IsFault(c.Fault, fault))).Select(c => c.CutUs), After, end, times);
        }

        long? After(long cut)
        {
            foreach (var attempt in attempts)
                if (attempt is { IsOpen: true, HeardUs: { } heard } && heard >= cut) return heard;
            return null;
        }
    }

    /// <summary>
    /// When each client was back: the first delivery after a connect reply; the connection itself where the gateway is the user's own; the subscription where the feed is silent
    /// or has less than one message a second for a channel, so that waiting for a message is not counted as an outage.
    /// </summary>
    private static Dictionary<string, Moments> Resumptions(CheckContext context)
    {
        var fleet = context.Definition.Fleet;
        // Of a gateway that is not ours only connections are known.
        var external = context.Definition.World.IsExternal;
        var flowing = fleet.Feed is { } feed && feed.RatePerSecond / fleet.Channels >= 1;
        var all = new Dictionary<string, Moments>();
        foreach (var entry in context.Events)
        {
            switch (entry)
            {
                case ClientConnected e:
                    For(e.Client).Connected.Add(e.At);
                    if (external) For(e.Client).Live.Add(e.At);
                    break;
                case ClientSubscribed e when !flowing && !external:
                    For(e.Client).Live.Add(e.At);
                    break;
                case ClientDelivered e when flowing:
                    for (var i = 0; i < e.N.Length; i++) For(e.Client).Live.Add(e.SentAt[i] + e.Us[i]);
                    break;
            }
        }

        foreach (var moments in all.Values) moments.Live.Sort();
        return all;

        Moments For(string client) => all.TryGetValue(client, out var known) ? known : all[client] = new Moments([], []);
    }

    private sealed record Moments(List<long> Connected, List<long> Live)
    {
        public long? After(long cut)
        {
            var connected = First(Connected, cut);
            return connected is { } at ? First(Live, at) : null;
        }

        private static long? First(List<long> sorted, long from)
        {
            var index = sorted.BinarySearch(from);
            if (index < 0) index = ~index;
            return index < sorted.Count ? sorted[index] : null;
        }
    }
}
