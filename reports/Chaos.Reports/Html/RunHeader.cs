using Chaos.Journal.Verdicts;
using Chaos.Reports.Data;
using Chaos.Reports.Text;

namespace Chaos.Reports.Html;

/// <summary>Top of the page: did it hold, and how to repeat it.</summary>
internal static class RunHeader
{
    public static Markup Render(RunData run)
    {
        var verdict = run.Verdict;
        var tone = Badges.Tone(verdict.Outcome);
        return Markup.Of($"""
            <header class="{tone}">
            <p class="run">Chaos run {verdict.Run}{When(run)}</p>
            <h1>{Headline(verdict)}</h1>
            <p class="tally">{Tally(verdict)}</p>
            {Killed(run)}
            <dl>
            <div><dt>Seed</dt><dd><code>{Seed(verdict.Seed)}</code></dd></div>
            <div class="grow"><dt>Repeat with</dt><dd><code>{verdict.Command}</code></dd></div>
            {Machine(run)}
            </dl>
            </header>
            """);
    }

    internal static string Seed(long seed) => Words.Invariant($"{seed}");

    private static string Headline(RunVerdict verdict) => verdict.Outcome switch
    {
        Outcome.Passed when verdict.Experiments.Count == 0 => "Nothing was run.",
        Outcome.Passed => "Passed: everything held.",
        Outcome.Deviated => "Deviated: it did not hold.",
        Outcome.Inconclusive => "Inconclusive: it cannot be told whether it held.",
        Outcome.BaselineNotMet => "Baseline not met: the steady state did not hold before any fault.",
        Outcome.ProbeError => "Probe error: a check failed, so nothing is proven.",
        Outcome.Aborted => "Aborted: a stop condition ended it.",
        Outcome.Interrupted => "Interrupted: it was stopped before its end.",
        _ => "Error: the harness failed.",
    };

    private static string Tally(RunVerdict verdict)
    {
        var counts = verdict.Experiments.GroupBy(e => e.Outcome).OrderBy(g => g.Key).Select(g => $"{g.Count()} {Words.Of(g.Key)}").ToList();
        if (verdict.Skipped.Count > 0) counts.Add($"{verdict.Skipped.Count} skipped");
        var total = Words.Count(verdict.Experiments.Count, "experiment");
        return counts.Count == 0 ? total : $"{total}: {string.Join(", ", counts)}";
    }

    private static string When(RunData run) => run.Start is null
        ? "" : Words.Invariant($", {DateTimeOffset.UnixEpoch.AddTicks(run.Start.At * 10):yyyy-MM-dd HH:mm} UTC");

    private static Markup Killed(RunData run) => run.Killed is null ? Markup.Empty : Markup.Of($"""<p class="killed">{run.Killed}</p>""");

    private static Markup Machine(RunData run) => run.Start is not { } start ? Markup.Empty
        : Markup.Of($"<div><dt>On</dt><dd>{start.Os}{(start.Cores == 0 ? "" : $", {Words.Count(start.Cores, "core")}")}, chaos {start.Tool}</dd></div>");
}
