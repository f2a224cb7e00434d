using System.Globalization;
using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Checks.Options;
using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Checks.Connections;

/// <summary>
/// Does a node that is drained send its sessions away one after another? Every drain that ended in the window is judged by the closes that
/// the proxy saw: that each session was told to come back elsewhere (close code 3001), that they were spread over the window that the node
/// named, and that nobody was left when it was stopped.
/// </summary>
internal sealed class DrainCheck() : Check("drain", "A node that is drained tells every session to go, spread over its window, and is stopped when they have left.",
    "closes with code 3001 at the proxy in each tenth of the node's own window, and sessions that were left; of the worst drain", Link, MaxShare, MinSessions)
{
    private static readonly TextOption Link = new("link", "The clients' link; the fleet's by default.");

    // An even drain closes a tenth in each; a process that starts beside it may hold it up for one or two of them.
    private static readonly NumberOption MaxShare = new("max_share", "Largest share of the sessions that may be closed within a tenth of the window.", 0.3, 0.1, 1);
    private static readonly NumberOption MinSessions = new("min_sessions", "Fewest sessions on the node; fewer cannot show that they are spread.", 20, 10, 1e6, Whole: true);

    private const int ShutdownCode = 3001;
    private const int Tenths = 10;

    // A client that is on its way in when the drain begins is counted by nobody before it.
    private const double Told = 0.95;

    /// <inheritdoc />
    protected override Finding Judge(CheckContext context)
    {
        var drains = context.Events.OfType<NodeLeft>().Where(n => n.How == "drained" && context.Window.Contains(n.At)).ToList();
        if (drains.Count == 0) return Finding.Inconclusive("no node was drained in the window: put a release on one");
        var link = Link.OrNull(context) ?? context.Definition.Fleet.Link;
        var closes = context.Events.OfType<LedgerClosed>().Where(c => c.Link == link && c.Code == ShutdownCode && c.By == "upstream").Select(c => c.At).ToList();
        var found = drains.Select(d => Judge(context, d, closes)).ToList();
        // Who breaks one drain may leave nobody for the next.
        return found.Find(f => f.Outcome == ExpectationOutcome.Broken) ?? found.Find(f => f.Outcome != ExpectationOutcome.Met) ?? found.MaxBy(f => f.Measures[0].Value)!;
    }

    private static Finding Judge(CheckContext context, NodeLeft drain, List<long> closes)
    {
        if (drain.Sessions < MinSessions.Of(context))
            return Finding.Inconclusive($"{drain.Part} had {drain.Sessions} sessions when it was drained, {MinSessions.Of(context):0} are needed: raise fleet.count");
        if (drain.WindowMs == 0) return new Finding(ExpectationOutcome.Broken, $"{drain.Part} named no window for its drain", []);
        var tenth = drain.WindowMs * 1000.0 / Tenths;
        var own = closes.Where(at => at >= drain.ToldAt && at <= drain.At).Select(at => (at - drain.ToldAt) / tenth).ToList();
        var busiest = own.Count == 0 ? 0 : own.GroupBy(at => (int)at).Max(g => g.Count()) / (double)drain.Sessions;
        var told = own.Count / (double)drain.Sessions;
        var most = MaxShare.Of(context);
        return Finding.ByMeasures(
            string.Create(CultureInfo.InvariantCulture, $"{drain.Part} told {own.Count} of {drain.Sessions} sessions to go, at most {busiest * 100:0} % of them within a tenth of its {drain.WindowMs / 1000.0:0.#} s, limit {most * 100:0} %; {drain.Left} were left when it was stopped"),
            [
                new Measure("closed within a tenth", busiest * 100, most * 100, "%", drain.Sessions, busiest <= most),
                new Measure("told to go", told * 100, Told * 100, "%", drain.Sessions, told >= Told, "≥"),
                new Measure("left when stopped", drain.Left, 0, "", drain.Sessions, drain.Left == 0, "="),
            ]);
    }
}
