using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Checks.Options;
using Chaos.Experiments.Engine.Regions;
using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Checks.Regions;

/// <summary>
/// Is a partition one? The proxy's own counters of every link between the regions must stand still in the directions that the fault closes, on
/// connections from before it too; and they must have moved before, or standing still would show nothing.
/// </summary>
internal sealed class PartitionCheck() : Check("partition", "While the partition is on, not one byte crosses between the regions in the directions that it closes.",
    "bytes that the proxy delivered on every link between the regions, by direction; counted", Fault, MinBytes)
{
    private static readonly TextOption Fault = new("fault", "Name of the partition; by default the one that the window is of.");
    private static readonly NumberOption MinBytes = new("min_bytes", "Fewest bytes that must have crossed in those directions before the fault.", 1000, 1, 1e12, Whole: true);

    /// <inheritdoc />
    public override bool IsTimed => false;

    /// <inheritdoc />
    protected override Finding Judge(CheckContext context)
    {
        var name = Fleets.FaultOf(context, Fault.OrNull(context));
        if (Fleets.Find(context.Definition, name) is not { Between: { } between } fault) return Finding.Inconclusive($"no partition '{name}' is in the timeline: name one with fault");
        var times = Times(context.Events, name!).ToList();
        if (times.Count == 0) return Finding.Inconclusive($"the partition '{name}' was never on");
        var before = new Window(context.Events[0].At, times[0].FromUs);
        double crossed = 0, earlier = 0;
        var read = 0;
        var worst = "";
        foreach (var (link, stream) in Closed(context, fault, between))
        {
            earlier += LinkBytes.Between(context.Events, link, stream, before) ?? 0;
            foreach (var bytes in times.Select(t => LinkBytes.Between(context.Events, link, stream, InForce(context.Events, name!, link, t))).OfType<double>())
            {
                read++;
                crossed += bytes;
                if (bytes > 0) worst = $"; first {bytes:0} bytes {stream} on {link}";
            }
        }

        if (read == 0) return Finding.Inconclusive($"the partition '{name}' was never on for two readings of the links' counters: lengthen it to 3 s");
        if (earlier < MinBytes.Of(context)) return Finding.Inconclusive($"{earlier:0} bytes crossed before the partition, {MinBytes.Of(context):0} are needed: nothing can be said of what would have crossed");
        return Finding.ByMeasures($"{crossed:0} bytes crossed while the partition was on, {earlier:0} before it{worst}", [new Measure("bytes crossed", crossed, 0, "B", (long)earlier, crossed == 0, "=")]);
    }

    private static IEnumerable<(string Link, string Stream)> Closed(CheckContext context, Definitions.FaultDefinition fault, IReadOnlyList<string> between)
    {
        var direction = fault.Attributes["direction"]?.GetValue<string>() ?? "both";
        foreach (var link in RegionFaultCatalogue.LinksOf(context.Definition.World, between))
        {
            var forth = link.Region == between[0];
            if (direction == "both" || (direction == "forth") == forth) yield return (link.Name, "upstream");
            if (direction == "both" || (direction == "forth") != forth) yield return (link.Name, "downstream");
        }
    }

    /// <summary>When it was on, each time.</summary>
    private static IEnumerable<Window> Times(IReadOnlyList<JournalEvent> events, string name)
    {
        foreach (var on in events.OfType<FaultOn>().Where(f => f.Fault == name))
        {
            if (events.OfType<FaultOff>().FirstOrDefault(f => f.Fault == name && f.Occurrence == on.Occurrence) is { } off) yield return new Window(on.At, off.At);
        }
    }

    /// <summary>
    /// When it was in force on a link, as the proxy says. Every link has its own moment: to put a partition on takes a busy machine half a second, and the
    /// first link is open again before the last.
    /// </summary>
    private static Window InForce(IReadOnlyList<JournalEvent> events, string name, string link, Window on)
    {
        var told = events.OfType<LedgerFault>().Where(f => f.Link == link && f.Type == "stall" && on.Contains(f.At) && Fleets.IsFault(f.Fault, name)).ToList();
        return new Window(told.FirstOrDefault(f => f.State == "added")?.At ?? on.FromUs, told.FirstOrDefault(f => f.State != "added")?.At ?? on.ToUs);
    }
}
