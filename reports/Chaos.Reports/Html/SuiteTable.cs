using Chaos.Journal.Verdicts;
using Chaos.Reports.Data;
using Chaos.Reports.Text;

namespace Chaos.Reports.Html;

/// <summary>One row an experiment: what it is for, its verdict, and the number that decided.</summary>
internal static class SuiteTable
{
    public static Markup Render(RunData run)
    {
        if (run.Experiments.Count == 0 && run.Verdict.Skipped.Count == 0) return Markup.Of($"""<section><p class="empty">No experiment was run.</p></section>""");
        return Markup.Of($"""
            <section class="suite"><h2>Experiments</h2>
            <table class="cards"><thead><tr><th scope="col">Verdict</th><th scope="col">Experiment</th><th scope="col">Checklist</th><th scope="col">Decided by</th><th class="fig" scope="col">Observed</th><th class="fig" scope="col">Must be</th><th class="fig" scope="col">Sample</th></tr></thead><tbody>
            {Markup.Join(run.Experiments, e => Row(e.Verdict))}{Markup.Join(run.Verdict.Skipped, Skipped)}</tbody></table>
            </section>
            """);
    }

    /// <summary>Anchor of an experiment's section.</summary>
    public static string Anchor(ExperimentVerdict verdict) => "x-" + (verdict.Mutant is null ? verdict.Id : $"{verdict.Id}-{verdict.Mutant}");

    private static Markup Row(ExperimentVerdict verdict)
    {
        var deciding = Deciding.Of(verdict);
        return Markup.Of($"""
            <tr><td>{Badges.Of(verdict.Outcome)}</td><td class="name"><a href="#{Anchor(verdict)}">{verdict.Id}</a>{Mutant(verdict)}<small>{verdict.Title}</small></td><td class="line">{verdict.Checklist}</td>{Numbers(deciding)}</tr>

            """);
    }

    private static Markup Numbers(Deciding? deciding) => deciding switch
    {
        null => Markup.Of($"""<td colspan="4" class="muted">nothing was judged</td>"""),
        { Measure: null } => Markup.Of($"""<td>{deciding.Result.Id}</td><td colspan="3" class="muted">no data</td>"""),
        { Measure: { } m } => Markup.Of($"""
            <td data-label="Decided by">{deciding.Result.Id}<small>{m.Name}</small></td><td class="fig {Tone(deciding.Result, m)}" data-label="Observed">{Words.Number(m.Value, m.Unit)}</td><td class="fig" data-label="Must be">{Words.Bound(m)}</td><td class="fig" data-label="Sample">{m.Sample:#,0}</td>
            """),
    };

    private static string Tone(ExpectationResult result, Measure measure) =>
        measure.Ok ? "ok" : result.Outcome == ExpectationOutcome.Inconclusive ? "maybe" : "off";

    private static Markup Mutant(ExperimentVerdict verdict) =>
        verdict.Mutant is null ? Markup.Empty : Markup.Of($""" <span class="mutant">with mutant {verdict.Mutant}</span>""");

    private static Markup Skipped(SkippedExperiment skipped) => Markup.Of($"""
        <tr class="skipped"><td>{Badges.Skipped}</td><td class="name">{skipped.Id}<small>{skipped.Title}</small></td><td colspan="5">{skipped.Reason}</td></tr>

        """);
}
