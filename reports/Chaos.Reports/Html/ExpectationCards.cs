using Chaos.Journal.Verdicts;
using Chaos.Reports.Data;
using Chaos.Reports.Text;

namespace Chaos.Reports.Html;

/// <summary>The expectations with every measure, and the steady state before and after.</summary>
internal static class ExpectationCards
{
    private const int MostOpen = 8;

    private static readonly Column[] Columns = [new("Measure"), new("Observed", true), new("Must be", true), new("Sample", true)];

    public static Markup Expectations(ExperimentData experiment) =>
        Markup.Of($"""<h3>Expectations</h3>{List(experiment.Verdict.Expectations, "Nothing was judged.")}""");

    public static Markup SteadyState(ExperimentData experiment) => Markup.Of($"""
        <h3>Steady state</h3>
        <div class="halves"><div><h4>Before the faults</h4>{List(experiment.Verdict.SteadyBefore, "Not judged.")}</div>
        <div><h4>After the faults</h4>{List(experiment.Verdict.SteadyAfter, "Not judged.")}</div></div>
        """);

    private static Markup List(IReadOnlyList<ExpectationResult> results, string whenEmpty) => results.Count == 0
        ? Markup.Of($"""<p class="empty">{whenEmpty}</p>""")
        : Markup.Join(results.OrderByDescending(r => r.Outcome == ExpectationOutcome.Met ? 0 : 1), Card);

    private static Markup Card(ExpectationResult result) => Markup.Of($"""
        <article class="expectation {Words.Of(result.Outcome)}">
        <p class="finding">{Badges.Of(result.Outcome)} <b>{result.Id}:</b> {result.Sentence}</p>
        <p class="note">{result.Check}{(result.Statistic.Length > 0 ? ": " + result.Statistic : "")}</p>
        {Measures(result.Measures)}
        </article>

        """);

    private static Markup Measures(IReadOnlyList<Measure> measures)
    {
        if (measures.Count == 0) return Markup.Of($"""<p class="empty">No data to measure.</p>""");
        var table = Tables.Of(Columns, measures.Select(Row));
        return measures.Count <= MostOpen ? table : Markup.Of(
            $"""<details{(measures.Any(m => !m.Ok) ? new Markup(" open") : Markup.Empty)}><summary>{Words.Count(measures.Count, "measure")}, {measures.Count(m => m.Ok)} of them on the right side</summary>{table}</details>""");
    }

    private static IReadOnlyList<Markup> Row(Measure m) =>
    [
        Markup.Encode(m.Name),
        Markup.Of($"""<span class="{(m.Ok ? "ok" : "off")}">{(m.Ok ? "✓" : "✗")} {Words.Number(m.Value, m.Unit)}</span>{(Words.Interval(m) is { } i ? Markup.Of($"<small>{i}</small>") : Markup.Empty)}"""),
        Markup.Encode(Words.Bound(m)),
        Markup.Of($"{m.Sample:#,0}"),
    ];
}
