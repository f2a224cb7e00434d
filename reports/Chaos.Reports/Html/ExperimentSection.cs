using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;
using Chaos.Reports.Data;
using Chaos.Reports.Text;

namespace Chaos.Reports.Html;

/// <summary>Everything about one experiment.</summary>
internal static class ExperimentSection
{
    public static Markup Render(ExperimentData experiment, RunData run, Figures figures)
    {
        var verdict = experiment.Verdict;
        return Markup.Of($"""
            <section class="experiment {Badges.Tone(verdict.Outcome)}" id="{SuiteTable.Anchor(verdict)}">
            <p class="kicker">{verdict.Id}{(verdict.Mutant is null ? "" : $" with mutant {verdict.Mutant}")}<span>{verdict.Checklist}</span></p>
            <h2>{verdict.Title}</h2>
            <p class="verdict">{Badges.Of(verdict.Outcome)} {verdict.Sentence}</p>
            {Incidents(experiment)}
            {FaultTable.Render(experiment)}
            {ExpectationCards.Expectations(experiment)}
            <h3>What happened</h3>
            {ChartsOf.Delivery(experiment, figures)}
            {ChartsOf.Connections(experiment, figures)}
            {ChartsOf.Backoff(experiment, figures)}
            {ExpectationCards.SteadyState(experiment)}
            <h3>Can the figures be trusted?</h3>
            {TrustTables.Render(experiment)}
            <p class="repeat">Seed <code>{RunHeader.Seed(verdict.Seed)}</code> · took {Words.Seconds(verdict.Seconds)} · repeat with <code>{Repeat(run, verdict)}</code></p>
            </section>

            """);
    }

    // The run's seed fixes the experiment's: the run's own command, narrowed to one experiment, repeats it.
    private static string Repeat(RunData run, ExperimentVerdict verdict) =>
        run.Verdict.Command.Contains("--only", StringComparison.Ordinal) ? run.Verdict.Command : $"{run.Verdict.Command} --only {verdict.Id}";

    private static Markup Incidents(ExperimentData experiment)
    {
        var lines = experiment.Events.OfType<StopConditionMet>()
            .Select(s => $"Stop condition {s.Condition} was met: {Words.Number(s.Observed)} is above {Words.Number(s.Limit)}.")
            .Concat(experiment.Events.OfType<HarnessFailed>().Select(f => $"The harness failed in {f.Where}: {f.Message}"))
            .Concat(experiment.Events.OfType<PartEnded>().Where(p => !p.Expected).Select(p => $"{p.Name} ({p.Role}) ended by itself with exit code {p.ExitCode}."))
            .Concat(experiment.Events.OfType<StoreEmptied>().Where(s => s.Problem is not null).Select(s => $"What {s.Prefix} left in {s.Store} could not be deleted: {s.Problem}"))
            .Concat(experiment.Events.OfType<ExperimentEnded>().Where(e => e.Reason != EndReason.Completed && e.Message is not null).Select(e => $"Ended as {e.Reason}: {e.Message}"))
            .Distinct(StringComparer.Ordinal).ToList();
        return lines.Count == 0 ? Markup.Empty : Markup.Of($"""<ul class="incidents">{Markup.Join(lines, l => Markup.Of($"<li>{l}</li>"))}</ul>""");
    }
}
