using Chaos.Reports.Data;
using Chaos.Reports.Text;

namespace Chaos.Reports.Html;

/// <summary>What was broken, when, and the proof that it hit traffic.</summary>
internal static class FaultTable
{
    private static readonly Column[] Columns =
        [new("Fault"), new("On"), new("From", true), new("Lasted", true), new("Connections hit", true), new("Items hit", true), new("Removed")];

    public static Markup Render(ExperimentData experiment)
    {
        var faults = FaultProof.From(experiment);
        if (faults.Count == 0) return Markup.Of($"""<h3>Faults</h3><p class="empty">No fault was on: the timeline of this experiment has none, or it ended before the first.</p>""");
        return Markup.Of($"<h3>Faults</h3>{Tables.Of(Columns, faults.Select(f => Row(f, experiment)))}");
    }

    private static IReadOnlyList<Markup> Row(FaultProof fault, ExperimentData experiment)
    {
        var first = experiment.Timeline.Faults.FirstOrDefault(b => b.Fault == fault.Fault);
        var idle = (fault.Hits ?? fault.Items + fault.Ended) == 0;
        return
        [
            Markup.Of($"""<span class="fault-name">{fault.Fault}</span> <small>{fault.Type}{(fault.Occurrences > 1 ? $", {fault.Occurrences} times" : "")}</small>"""),
            Markup.Encode(fault.Link),
            Markup.Encode(first is null ? "never on" : Words.Seconds(first.From)),
            Markup.Of($"{(first is null ? "–" : Words.Seconds(fault.SecondsOn))}{(fault.Occurrences > 1 ? Markup.Of($"<small>in all</small>") : Markup.Empty)}"),
            Connections(fault),
            idle ? Badges.Badge("unsure", "hit nothing") : Markup.Of($"{Math.Max(fault.Hits ?? 0, fault.Items):#,0}{Ended(fault)}"),
            Markup.Encode(first is null ? "–" : fault.NeverRemoved ? "not recorded" : fault.Undone > 0 ? "by undo" : "on schedule"),
        ];
    }

    private static Markup Connections(FaultProof fault) => fault.Rolled > 0
        ? Markup.Of($"{Math.Max(fault.Connections, fault.RolledHit):#,0}<small>of {fault.Rolled:#,0} rolled</small>")
        : Markup.Of($"{fault.Connections:#,0}");

    private static Markup Ended(FaultProof fault) => fault.Ended > 0 ? Markup.Of($"<small>{fault.Ended:#,0} ended by it</small>") : Markup.Empty;
}
