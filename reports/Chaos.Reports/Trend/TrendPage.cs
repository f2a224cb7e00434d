using Chaos.Journal.Verdicts;
using Chaos.Reports.Html;
using Chaos.Reports.Text;

namespace Chaos.Reports.Trend;

/// <summary>The trend for people.</summary>
internal static class TrendPage
{
    private static readonly Column[] MutantColumns = [new("Tonight"), new("Mutant"), new("Experiment"), new("Must break"), new("Killed", true), new("What was found")];

    public static Markup Of(NightlyTrend trend)
    {
        var figures = new Figures();
        return Page.Wrap($"Chaos: night of {TrendWords.Day(trend.Tonight.StartedAt)}", Markup.Of($"""
            {Header(trend)}
            <main>
            {Worse(trend, figures)}
            <section class="suite"><h2>The nights</h2>{NightGrid.Of(trend)}</section>
            {Flaky(trend)}
            {Mutants(trend)}
            {Markup.Join(trend.Series.GroupBy(s => s.Key.Experiment, StringComparer.Ordinal), g => SeriesSection.Of(trend.Tonight.Find(g.Key)!, [.. g], trend.Nights, figures))}
            <section><h2>What flagged means</h2><p class="note">{TrendWords.Statistic(trend)}</p></section>
            {Problems(trend)}
            </main>
            """));
    }

    private static Markup Header(NightlyTrend trend)
    {
        var tonight = trend.Tonight;
        var tone = tonight.Outcome != Outcome.Passed ? Badges.Tone(tonight.Outcome) : trend.Survivors.Any() ? "bad" : trend.Worse.Any() ? "unsure" : "good";
        return Markup.Of($"""
            <header class="{tone}">
            <p class="run">Chaos night {tonight.Run}, {Words.Invariant($"{tonight.StartedAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC")}</p>
            <h1>{TrendWords.Headline(trend)}</h1>
            <p class="tally">{tonight.Experiments.Count(e => e.Outcome == Outcome.Passed)} of {Words.Count(tonight.Experiments.Count, "experiment")} passed{(trend.Mutants is null ? "" : $", {trend.Mutants.Count - trend.Survivors.Count()} of {Words.Count(trend.Mutants.Count, "mutant")} killed")}; {Words.Count(trend.Tested, "number")} compared with {Words.Count(trend.Nights.Count - 1, "night")} before</p>
            <dl>
            <div><dt>Seed</dt><dd><code>{RunHeader.Seed(tonight.Seed)}</code></dd></div>
            <div class="grow"><dt>Repeat with</dt><dd><code>{tonight.Command}</code></dd></div>
            <div><dt>On</dt><dd>{tonight.Machine.Os}, {Words.Count(tonight.Machine.Cores, "core")}, chaos {tonight.Tool}</dd></div>
            </dl>
            </header>
            """);
    }

    private static Markup Worse(NightlyTrend trend, Figures figures) => !trend.Worse.Any() ? Markup.Empty : Markup.Of($"""
        <section class="experiment unsure"><h2>Got worse</h2>
        {Markup.Join(trend.Worse, s => Markup.Of($"""
            <p class="finding">{Badges.Badge("unsure", "worse")} <b><a href="#x-{s.Key.Experiment}">{s.Key.Experiment}</a>, {s.Key.Expectation}:</b> {TrendWords.Sentence(s)}.</p>
            {figures.Of($"{s.Key.Experiment}: {s.Key.Measure}", TrendChart.Of(s, trend.Nights), Words.Invariant($"{Words.Count(s.Last.Measure.Sample, "observation")} tonight. If nothing changed and logarithms are normal, a value like this or a worse one comes by chance on {Chance(s.Tonight!.Chance)}, before the correction for {trend.Tested} numbers."), "", 200)}
            """))}
        </section>
        """);

    private static Markup Flaky(NightlyTrend trend) => trend.Flaky.Count == 0 ? Markup.Empty : Markup.Of($"""
        <section class="experiment unsure"><h2>Flaky</h2>
        {Markup.Join(trend.Flaky, f => Markup.Of($"""
            <p class="finding">{Badges.Badge("unsure", "flaky")} <b>{f.Id}</b> {TrendWords.Sentence(f)}.</p>
            <ul>{Markup.Join(f.Odd.Take(5), o => Markup.Of($"<li>{TrendWords.Day(o.StartedAt)}, seed <code>{RunHeader.Seed(o.Seed)}</code>: {Badges.Of(o.Outcome)} {o.Sentence}</li>"))}</ul>
            """))}
        </section>
        """);

    private static Markup Mutants(NightlyTrend trend)
    {
        if (trend.Mutants is not { } mutants) return Markup.Of($"""<section><h2>Mutants</h2><p class="empty">No mutants were run tonight.</p></section>""");
        var table = Tables.Of(MutantColumns, mutants.OrderBy(m => m.Tonight.Killed).Select(IReadOnlyList<Markup> (m) =>
        [
            m.Tonight.Killed ? Badges.Badge("good", "killed") : Badges.Badge("bad", "survived"), Markup.Of($"<b>{m.Tonight.Name}</b>"), Markup.Encode(m.Tonight.Experiment),
            Markup.Encode(m.Tonight.KilledBy), Markup.Of($"{m.Killed} of {m.Ran}"), Markup.Encode(m.Tonight.Sentence),
        ]));
        var survived = trend.Survivors.Count();
        return Markup.Of($"""
            <section><h2>Mutants</h2>{(mutants.Count == 0 ? Markup.Of($"""<p class="empty">None of the chosen experiments names a mutant.</p>""")
                : Markup.Of($"""<details{(survived > 0 ? new Markup(" open") : Markup.Empty)}><summary>{mutants.Count - survived} of {Words.Count(mutants.Count, "mutant")} killed by the expectation that is about the defect</summary>{table}</details>"""))}</section>
            """);
    }

    private static Markup Problems(NightlyTrend trend) => trend.Problems.Count == 0 ? Markup.Empty
        : Markup.Of($"""<section><h2>Files of the history that were left out</h2><ul class="incidents">{Markup.Join(trend.Problems, p => Markup.Of($"<li>{p}</li>"))}</ul></section>""");

    private static string Chance(double chance) => chance >= 1e-6 ? Words.Invariant($"1 night in {Math.Round(1 / chance):#,0}") : "fewer than 1 night in 1,000,000";
}
