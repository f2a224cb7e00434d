using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Checks.Options;
using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Checks.Regions;

/// <summary>
/// Do clients that had to go to another region come back to their own? Counted is every client that was connected away from home when the window ended,
/// from then until its connect reply from a node of its own region, where it must still be at the end of the run.
/// </summary>
internal sealed class HomeCheck() : Check("home", "Clients that went to another region are back in their own within the limit.",
    "time from the window's end to the connect reply of a node of the own region; the slowest client", Within, MinClients)
{
    private static readonly NumberOption Within = new("within_ms", "Limit in milliseconds.", null, 1, 3_600_000, IsRequired: true);
    private static readonly NumberOption MinClients = new("min_clients", "Fewest clients that must have been away.", 20, 1, 9000, Whole: true);

    /// <inheritdoc />
    protected override Finding Judge(CheckContext context)
    {
        var away = new HashSet<string>(StringComparer.Ordinal);
        var back = new Dictionary<string, double>(StringComparer.Ordinal);
        var off = context.Window.ToUs;
        foreach (var connected in context.Events.OfType<ClientConnected>().Where(c => Homes.Of(context.Definition, c.Client) is not null))
        {
            var isHome = Homes.OfNode(connected.Node) == Homes.Of(context.Definition, connected.Client);
            if (connected.At < off && !isHome) away.Add(connected.Client);
            else if (connected.At < off) away.Remove(connected.Client);
            else if (!isHome) back.Remove(connected.Client);
            else if (away.Contains(connected.Client)) back.TryAdd(connected.Client, (connected.At - off) / 1000.0);
        }

        if (away.Count < MinClients.Of(context)) return Finding.Inconclusive($"{away.Count} clients were away from their region when the window ended, {MinClients.Of(context):0} are needed");
        var limit = Within.Of(context);
        var slowest = back.Count < away.Count ? Unbounded : back.Values.Max();
        var late = away.Count - back.Values.Count(ms => ms <= limit);
        var sentence = late > 0
            ? $"of {away.Count} clients away, {late} were not back in their own region within {limit:0} ms{(back.Count < away.Count ? $", {away.Count - back.Count} of them never" : "")}"
            : $"all {away.Count} clients were back in their own region within {slowest:0} ms, limit {limit:0} ms";
        return Finding.ByMeasures(sentence, [new Measure("slowest", slowest, limit, "ms", away.Count, slowest <= limit)]);
    }
}
