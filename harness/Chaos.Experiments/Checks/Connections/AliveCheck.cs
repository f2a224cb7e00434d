using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Checks.Options;
using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Checks.Connections;

/// <summary>Is a slow but living connection left alone?</summary>
internal sealed class AliveCheck() : Check("alive", "No client loses its connection unless a fault that ends or silences connections hit it; a slow link is not a dead one.",
    "count of connections lost without such a fault", MinClients)
{
    private static readonly NumberOption MinClients = new("min_clients", "Fewest clients that no such fault has hit.", 10, 1, 9000, Whole: true);

    /// <summary>Types of fault after which a lost connection is no surprise.</summary>
    private static readonly HashSet<string> Lethal =
        ["blackhole", "stall", "timeout", "down", "reset_peer", "slow_close", "limit_data", "close_after", "ws_close", "ws_drop_control", "ws_truncate", "ws_corrupt"];

    /// <inheritdoc />
    protected override Finding Judge(CheckContext context)
    {
        var wire = Wire.Of(context.Events, context.Definition.Fleet.Link);
        var hit = Hit(context, wire);
        var clients = context.Events.OfType<ClientConnected>().Where(e => e.At < context.Window.ToUs && Fleets.IsClient(e.Client)).Select(e => e.Client).ToHashSet();
        clients.ExceptWith(hit);
        if (clients.Count < MinClients.Of(context))
            return Finding.Inconclusive($"only {clients.Count} connected clients were not hit by a fault that ends connections, {MinClients.Of(context)} are needed");
        var lost = context.Events.OfType<ClientDisconnected>()
            .Where(e => context.Window.Contains(e.At) && e.Cause != "local" && clients.Contains(e.Client)).ToList();
        var example = lost.Count == 0 ? "" : $"; the first was {lost[0].Client} ({lost[0].Cause}{(lost[0].Code is { } code ? $" {code}" : "")}){ByGateway(context, wire, clients)}";
        return Finding.ByMeasures($"{lost.Count} connections were lost among {clients.Count} clients whose link was alive all the time{example}",
            [new Measure("lost while alive", lost.Count, 0, "", clients.Count, lost.Count == 0, "=")]);
    }

    // Of a gateway that is not ours, who ended them is half of what there is to know.
    private static string ByGateway(CheckContext context, Wire wire, HashSet<string> clients) => !context.Definition.World.IsExternal ? ""
        : $", and the gateway ended {wire.Clients.Where(c => clients.Contains(c.Client)).SelectMany(c => c.Closed.Values).Count(c => c.By == "upstream" && context.Window.Contains(c.At))} of them";

    private static HashSet<string> Hit(CheckContext context, Wire wire)
    {
        var link = context.Definition.Fleet.Link;
        var lethal = context.Events.OfType<LedgerFault>().Where(f => f.Link == link && Lethal.Contains(f.Type)).Select(f => f.Fault)
            .Concat(context.Definition.Timeline.Faults.Where(f => f.Link == link && Lethal.Contains(f.Type)).Select(f => f.Name)).ToHashSet();
        var hit = new HashSet<string>();
        foreach (var entry in context.Events)
        {
            var conn = entry switch
            {
                LedgerRoll e when e.Link == link && e.Hit && lethal.Any(f => Fleets.IsFault(e.Fault, f)) => e.Conn,
                LedgerInjected e when e.Link == link && lethal.Any(f => Fleets.IsFault(e.Fault, f)) => e.Conn,
                LedgerClosed { By: "fault" } e when e.Link == link => e.Conn,
                LedgerHandshake { By: "fault" } e when e.Link == link => e.Conn,
                _ => 0,
            };
            if (conn != 0 && wire.Owner(conn) is { } client) hit.Add(client.Client);
        }

        return hit;
    }
}
