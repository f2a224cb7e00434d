using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;
using Chaos.Reports.Data;
using Chaos.Reports.Html;
using Chaos.Reports.Text;

namespace Chaos.Reports.Rehearsals;

/// <summary>The report of incidents for people: one page without scripts, that needs nothing but itself.</summary>
internal static class IncidentPage
{
    private static readonly Column[] Overview = [new("Cause"), new("Runbook"), new("Seed", true), new("Named"), new("Detected", true), new("Diagnosed", true), new("Mitigated", true), new("Stable", true), new("Ended")];

    private static readonly Column[] Story = [new("After", true), new("What"), new("")];

    public static string Render(IReadOnlyList<RehearsalResult> incidents, RehearsalVerdict verdict)
    {
        var figures = new Figures();
        var causes = incidents.Select(i => i.Started.CauseTitle).Distinct().ToList();
        // What was wrong comes first; of several causes the table below tells which was which.
        var heading = causes.Count == 1 ? Markup.Of($"""<h1 class="fault-name">{causes[0]}</h1>""") : Markup.Of($"<h1>{incidents.Count} rehearsals of {causes.Count} causes.</h1>");
        return Page.Wrap($"Chaos: {incidents[0].Started.Runbook}", Markup.Of($"""
            <header class="{Badges.Tone(verdict.Outcome)}"><p class="run">Chaos rehearsal of {incidents[0].Started.Runbook}: {incidents[0].Started.Title}</p>{heading}
            <p class="tally">{Badges.Of(verdict.Outcome)} {string.Join(" ", verdict.Sentences)}</p></header>
            <main><section><h2>Rehearsals</h2>
            {Tables.Of(Overview, incidents.Select(Row))}</section>
            {Markup.Join(incidents, i => Section(i, figures))}</main>
            """)).Text;
    }

    private static IReadOnlyList<Markup> Row(RehearsalResult r) =>
    [
        Markup.Of($"""<span class="fault-name">{r.Started.Cause}</span>"""), Markup.Encode(r.Started.Mode switch { RehearsalModes.Auto => "with", RehearsalModes.Nobody => "without", _ => "a person" }), Markup.Of($"{r.Seed}"),
        Markup.Encode(r.FirstDiagnosis ?? "–"), Time(r, RehearsalMoments.Detected), Time(r, RehearsalMoments.Diagnosed), Time(r, RehearsalMoments.Mitigated), Time(r, RehearsalMoments.Stable), Markup.Encode(r.Reason),
    ];

    private static Markup Time(RehearsalResult r, string moment) => Markup.Encode(r.Seconds(moment) is { } s ? Words.Seconds(s) : "–");

    private static Markup Section(RehearsalResult incident, Figures figures)
    {
        var experiment = Experiment(incident);
        return Markup.Of($"""
            <section class="experiment {Tone(incident)}" id="{incident.Id}"><p class="kicker">{incident.Id}</p><h2>{IncidentText.Heading(incident)}</h2>
            <p class="verdict">{IncidentText.Finding(incident)}</p>
            <dl>{Markup.Join(IncidentText.Times(incident), t => Markup.Of($"<div><dt>{t.Name}</dt><dd>{t.Value}</dd></div>"))}</dl>
            <h3>What happened</h3>
            {ChartsOf.Delivery(experiment, figures)}
            {ChartsOf.Connections(experiment, figures)}
            <h3>What was done</h3>
            {Tables.Of(Story, IncidentText.Story(incident).Select(s => (IReadOnlyList<Markup>)[Markup.Encode(s.At), Markup.Encode(s.What), Markup.Encode(s.Text)]))}
            {Missed(IncidentText.Missed(incident))}
            </section>

            """);
    }

    private static Markup Missed(IReadOnlyList<string> missed) => missed.Count == 0 ? Markup.Empty : Markup.Of($"""
        <h3>What was missed</h3><ul class="incidents">{Markup.Join(missed, m => Markup.Of($"<li>{m}</li>"))}</ul>
        """);

    private static string Tone(RehearsalResult r) => r.Started.Mode == RehearsalModes.Nobody ? "skipped" : r.NamedRightly ? "good" : "bad";

    // The charts are those of experiments; a rehearsal has no expectations, so its verdict says no more than who it is. What is so all the time
    // would be drawn like the cause, and hide it.
    private static ExperimentData Experiment(RehearsalResult r) =>
        ExperimentData.From(new ExperimentVerdict(r.Id, r.Started.Title, "", null, r.Seed, Outcome.Passed, "", [], [], [], new Dictionary<string, long>(), 0), [.. r.Events.Where(e => !r.IsStanding(e))]);
}
