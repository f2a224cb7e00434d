using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Checks.Options;
using Chaos.Experiments.Definitions;
using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Checks.Connections;

/// <summary>
/// Does a node that dies or hangs, or a region that cannot be reached, lose its clients to the others in time? Counted is every client that was there
/// when the fault began, from then until its connect reply from elsewhere.
/// </summary>
internal sealed class FailoverCheck() : Check("failover", "Clients of a node that dies or hangs, or of a region that cannot be reached, are on another within the limit.",
    "time from the fault to the connect reply of another node or region; the slowest client", Fault, Within, MinClients)
{
    private static readonly TextOption Fault = new("fault", "Name of the fault on the node, or on the clients' link of the region; by default the one that the window is of.");
    private static readonly NumberOption Within = new("within_ms", "Limit in milliseconds.", null, 1, 600_000, IsRequired: true);
    private static readonly NumberOption MinClients = new("min_clients", "Fewest clients there.", 20, 1, 9000, Whole: true);

    /// <inheritdoc />
    protected override Finding Judge(CheckContext context)
    {
        var name = Fleets.FaultOf(context, Fault.OrNull(context));
        if (context.Events.OfType<FaultOn>().FirstOrDefault(f => f.Fault == name) is not { } on) return Finding.Inconclusive($"no fault '{name}' was on: name one with fault");
        // A fault on a link takes the whole region that answers there away.
        var region = context.Definition.World.Links.Any(l => l.Name == on.Link) ? LinkNames.RegionOf(on.Link) : null;
        bool IsThere(string? node) => region is null ? node == on.Link : Homes.OfNode(node) == region;
        var before = new Dictionary<string, string?>(StringComparer.Ordinal);
        var moved = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var connected in context.Events.OfType<ClientConnected>().Where(c => Fleets.IsClient(c.Client)))
        {
            if (connected.At < on.At) before[connected.Client] = connected.Node;
            else if (IsThere(before.GetValueOrDefault(connected.Client)) && !IsThere(connected.Node)) moved.TryAdd(connected.Client, connected.At - on.At);
        }

        var clients = before.Count(b => IsThere(b.Value));
        if (clients < MinClients.Of(context)) return Finding.Inconclusive($"{clients} clients were on {on.Link}, {MinClients.Of(context):0} are needed: raise fleet.count");
        var limit = Within.Of(context);
        var slowest = moved.Count < clients ? Unbounded : moved.Values.Max() / 1000.0;
        var late = clients - moved.Values.Count(us => us / 1000.0 <= limit);
        var sentence = late > 0
            ? $"of {clients} clients on {on.Link}, {late} were not elsewhere within {limit:0} ms{(moved.Count < clients ? $", {clients - moved.Count} of them never" : "")}"
            : $"all {clients} clients of {on.Link} were elsewhere within {slowest:0} ms, limit {limit:0} ms";
        return Finding.ByMeasures(sentence, [new Measure("slowest", slowest, limit, "ms", clients, slowest <= limit)]);
    }
}
