using Chaos.Reports.Html;
using Chaos.Reports.Text;

namespace Chaos.Reports.Trend;

/// <summary>Every number of one experiment: a chart where it moves, a row where it never did.</summary>
internal static class SeriesSection
{
    private static readonly Column[] Columns = [new("Expectation"), new("Number"), new("Every night", true), new("Must be", true), new("Nights", true)];

    public static Markup Of(NightExperiment experiment, IReadOnlyList<TrendSeries> series, IReadOnlyList<Night> nights, Figures figures)
    {
        var moved = series.Where(s => s.Moved && s.Points.Any(p => p.Measure.Value is not null)).OrderByDescending(s => s.Tonight is { Worse: true }).ToList();
        var still = series.Except(moved).ToList();
        return Markup.Of($"""
            <section class="experiment {(series.Any(s => s.Tonight is { Worse: true }) ? "unsure" : Badges.Tone(experiment.Outcome))}" id="x-{experiment.Id}">
            <p class="kicker">{experiment.Id}<span>{experiment.Checklist}</span></p>
            <h2>{experiment.Title}</h2>
            <p class="verdict">{Badges.Of(experiment.Outcome)} {experiment.Sentence}</p>
            {(moved.Count == 0 ? Markup.Empty : Markup.Of($"""{Figures.Legend(TrendChart.Of(moved[0], nights))}<div class="multiples">{Markup.Join(moved, s => figures.Small($"{s.Key.Expectation}: {s.Key.Measure}", TrendChart.Of(s, nights), TrendWords.Sentence(s) + "."))}</div>"""))}
            {(still.Count == 0 ? Markup.Empty : Markup.Of($"<details><summary>{Words.Count(still.Count, "number")} that never moved</summary>{Tables.Of(Columns, still.Select(Row))}</details>"))}
            </section>

            """);
    }

    private static IReadOnlyList<Markup> Row(TrendSeries s) =>
    [
        Markup.Encode(s.Key.Expectation), Markup.Encode(s.Key.Measure), Markup.Of($"""<span class="{(s.Last.Measure.Ok ? "ok" : "off")}">{TrendWords.Number(s.Last.Measure)}</span>"""),
        Markup.Encode(TrendWords.Bound(s.Last.Measure)), Markup.Of($"{s.Points.Count}"),
    ];
}
