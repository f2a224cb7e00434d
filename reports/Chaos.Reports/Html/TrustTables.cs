using Chaos.Reports.Data;
using Chaos.Reports.Text;

namespace Chaos.Reports.Html;

/// <summary>What lets a reader trust the figures: did faults do what they were set to do, and what did the proxy itself cost.</summary>
internal static class TrustTables
{
    private static readonly Column[] InjectionColumns =
    [
        new("Fault"), new("Action"), new("Items", true), new("Set, p50", true), new("Observed, p50", true), new("Set, p99", true), new("Observed, p99", true),
        new("Difference, p50", true), new("Difference, p99", true),
    ];

    private static readonly Column[] OverheadColumns =
        [new("Link"), new("Items", true), new("p50", true), new("p99", true), new("p99, worst second", true), new("Longest", true), new("Most open", true)];

    public static Markup Render(ExperimentData experiment) => Markup.Of($"""
        <h4>Set against observed</h4>{Injected(InjectionRow.From(experiment))}
        <h4>The proxy's own cost</h4>{Cost(OverheadRow.From(experiment))}
        """);

    private static Markup Injected(IReadOnlyList<InjectionRow> rows) => rows.Count == 0
        ? Markup.Of($"""<p class="empty">The proxy recorded no single injection.</p>""")
        : Tables.Of(InjectionColumns, rows.Select(IReadOnlyList<Markup> (r) =>
        [
            Markup.Encode(r.Fault), Markup.Encode(r.Action), Markup.Of($"{r.Items:#,0}"),
            .. Timed(r) ? new[] { r.ConfiguredP50Ms, r.ObservedP50Ms, r.ConfiguredP99Ms, r.ObservedP99Ms, r.ErrorP50Ms, r.ErrorP99Ms }.Select(v => Markup.Encode(Words.Number(v, "ms")))
                : Enumerable.Repeat(Markup.Encode("–"), 6),
        ]));

    // A fault that is not a time (a refusal, a reset) has nothing to compare.
    private static bool Timed(InjectionRow row) => row.ConfiguredP99Ms > 0;

    private static Markup Cost(IReadOnlyList<OverheadRow> rows) => rows.Count == 0
        ? Markup.Of($"""<p class="empty">The proxy recorded no traffic.</p>""")
        : Markup.Of($"""
            {Tables.Of(OverheadColumns, rows.Select(IReadOnlyList<Markup> (r) =>
            [
                Markup.Encode(r.Link), Markup.Of($"{r.Items:#,0}"), Us(r.MedianP50Us), Us(r.MedianP99Us), Us(r.WorstP99Us), Us(r.MaxUs), Markup.Of($"{r.MostOpen:#,0}"),
            ]))}<p class="note">Time in the proxy less what faults asked for; p50 and p99 are those of the median second.</p>
            """);

    private static Markup Us(double us) => Markup.Encode(us >= 10_000 ? Words.Number(us / 1e3, "ms") : Words.Number(us, "µs"));
}
