using System.Globalization;
using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Checks.Options;
using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Checks.Connections;

/// <summary>Do clients that come back go on with their session, as the gateway's reply says? Where asked, only those that come back to another node count.</summary>
internal sealed class ResumedCheck() : Check("resumed", "Clients that come back go on with their session, on whichever node they arrive.",
    "share of the reconnects in the window whose session was resumed, counted", Across, MinShare, MinReturns)
{
    private static readonly TextOption Across = new("across", "nodes: only reconnects to another node, or another release of it, count; all by default.", null, ["nodes"]);
    private static readonly NumberOption MinShare = new("min_share", "Least share that must be resumed, 0 to 1.", 1, 0, 1);
    private static readonly NumberOption MinReturns = new("min_returns", "Fewest reconnects. Of 30 that are all resumed, fewer than 10 % fail, with 95 % confidence (rule of three).", 30, 1, 1e9, Whole: true);

    /// <inheritdoc />
    protected override Finding Judge(CheckContext context)
    {
        var across = Across.OrNull(context) is not null;
        var last = new Dictionary<string, string?>(StringComparer.Ordinal);
        int returns = 0, resumed = 0;
        foreach (var connected in context.Events.OfType<ClientConnected>().Where(c => Fleets.IsClient(c.Client)))
        {
            var counts = last.TryGetValue(connected.Client, out var node) && (!across || node != connected.Node);
            last[connected.Client] = connected.Node;
            if (!counts || !context.Window.Contains(connected.At)) continue;
            returns++;
            if (connected.Resumed) resumed++;
        }

        var what = across ? "came back to another node" : "came back";
        if (returns < MinReturns.Of(context)) return Finding.Inconclusive($"only {returns} clients {what}, {MinReturns.Of(context):0} are needed");
        var (share, least) = (resumed / (double)returns, MinShare.Of(context));
        return Finding.ByMeasures(
            string.Create(CultureInfo.InvariantCulture, $"of {returns} that {what}, {resumed} went on with their session"),
            [new Measure("resumed", share, least, "", returns, share >= least, "≥")]);
    }
}
