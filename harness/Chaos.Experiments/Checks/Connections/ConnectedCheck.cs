using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Checks.Options;
using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Checks.Connections;

/// <summary>Are the clients connected when the window ends, and has none given up for good?</summary>
internal sealed class ConnectedCheck() : Check("connected", "At the end of the window enough clients are connected, and none has given up for good.",
    "share of all clients, counted", MinShare)
{
    private static readonly NumberOption MinShare = new("min_share", "Least share of the fleet that must be connected, 0 to 1.", 1, 0, 1);

    /// <inheritdoc />
    protected override Finding Judge(CheckContext context)
    {
        var connected = new HashSet<string>();
        var terminal = new HashSet<string>();
        var seen = false;
        foreach (var entry in context.Events.TakeWhile(e => e.At < context.Window.ToUs))
        {
            switch (entry)
            {
                case ClientConnected e when Fleets.IsClient(e.Client):
                    seen = true;
                    connected.Add(e.Client);
                    break;
                case ClientDisconnected e when Fleets.IsClient(e.Client):
                    seen = true;
                    connected.Remove(e.Client);
                    if (e.Terminal) terminal.Add(e.Client);
                    break;
                case ClientAttempt e when Fleets.IsClient(e.Client):
                    seen = true;
                    break;
            }
        }

        var simulated = SimulatedFleet.ConnectedAt(context.Events, context.Window.ToUs);
        if (!seen && simulated is null) return Finding.Inconclusive("no client has tried to connect");
        var count = context.Definition.Fleet.Count;
        var up = connected.Count + (simulated ?? 0);
        var share = (double)up / count;
        var least = MinShare.Of(context);
        return Finding.ByMeasures(
            $"{up} of {count} clients are connected at the end{(terminal.Count > 0 ? $", {terminal.Count} have given up for good" : "")}",
            [
                new Measure("connected", share, least, "", count, share >= least, "≥"),
                new Measure("given up", terminal.Count, 0, "", count, terminal.Count == 0, "="),
            ]);
    }
}
