using System.Globalization;
using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Checks.Options;
using Chaos.Experiments.Checks.Rules;
using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Checks.Connections;

/// <summary>
/// Do clients that come back all at once come no faster than the gateway can take them? Counted are the handshakes that the proxy saw
/// arrive, in steps of 100 ms from the window's start, whatever became of them.
/// </summary>
internal sealed class ArrivalsCheck() : Check("arrivals", "Reconnecting clients arrive no faster than the gateway's handshake capacity.",
    "most handshakes that arrived within 100 ms, against capacity × 0.1 s", Link, CapacityPerSecond, MinArrivals)
{
    private static readonly TextOption Link = new("link", "The clients' link; the fleet's by default.");
    private static readonly NumberOption CapacityPerSecond = new("capacity_per_s", "Handshakes that the gateway can take in a second.", null, 1, 1e6, IsRequired: true);
    private static readonly NumberOption MinArrivals = new("min_arrivals", "Fewest arrivals in the window.", 100, 1, 1e9, Whole: true);

    /// <inheritdoc />
    protected override Finding Judge(CheckContext context)
    {
        var link = Link.OrNull(context) ?? context.Definition.Fleet.Link;
        var window = context.Window;
        var arrivals = context.Events.OfType<LedgerHandshake>().Where(h => h.Link == link && Fleets.IsClient(h.Client)).Select(h => h.ArrivedAt)
            .Concat(SimulatedFleet.Arrivals(context.Events, link)).Where(window.Contains).ToList();
        if (arrivals.Count < MinArrivals.Of(context)) return Finding.Inconclusive($"only {arrivals.Count} handshakes arrived in the window, {MinArrivals.Of(context)} are needed");
        var found = ArrivalsRule.Judge(arrivals, window.FromUs, CapacityPerSecond.Of(context));
        var (step, peak, limit) = found;
        return Finding.ByMeasures(
            string.Create(CultureInfo.InvariantCulture, $"of {arrivals.Count} handshakes at most {peak} arrived within 100 ms ({step * ArrivalsRule.StepUs / 1e6:0.0} s after the start), the gateway can take {limit:0.#}"),
            [new Measure("peak arrivals", peak, limit, "per 100 ms", arrivals.Count, found.Ok)]);
    }
}
