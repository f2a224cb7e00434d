using System.Text;
using Chaos.Journal.Verdicts;
using Chaos.Reports.Markdown;
using Chaos.Reports.Text;

namespace Chaos.Reports.Trend;

/// <summary>The night for the summary of a CI job: what did not hold, what got worse, what is flaky, and how to repeat it.</summary>
internal static class TrendMarkdown
{
    private const int MostProblems = 20;

    public static string Of(NightlyTrend trend)
    {
        var tonight = trend.Tonight;
        var text = new StringBuilder();
        text.Append(Words.Invariant($"## {Mark(trend)} Chaos, night of {TrendWords.Day(tonight.StartedAt)}: {TrendWords.Headline(trend)}\n\n"));
        text.Append($"{Counts(trend)}\n\n");
        List(text, "Did not hold", tonight.Experiments.Where(e => e.Outcome != Outcome.Passed), e => $"**{Md.Escape(e.Id)}** {Words.Of(e.Outcome)}: {Md.Escape(e.Sentence)}");
        List(text, "Skipped", tonight.Skipped, s => $"**{Md.Escape(s.Id)}**: {Md.Escape(s.Reason)}");
        Worse(text, trend);
        List(text, "Mutants that survived", trend.Survivors, m => $"**{Md.Escape(m.Tonight.Name)}** under {Md.Escape(m.Tonight.Experiment)}: {Md.Escape(m.Tonight.KilledBy)} did not break. {Md.Escape(m.Tonight.Sentence)} Killed on {m.Killed} of {Words.Count(m.Ran, "night")}.");
        List(text, "Flaky", trend.Flaky, f => $"**{Md.Escape(f.Id)}** {TrendWords.Sentence(f)}{(f.Odd.Count > 0 ? Words.Invariant($". Last {Words.Of(f.Odd[0].Outcome)} on {TrendWords.Day(f.Odd[0].StartedAt)}, seed `{f.Odd[0].Seed}`: ") + Md.Escape(f.Odd[0].Sentence) : "")}");
        List(text, "The history has files that were left out", trend.Problems.Take(MostProblems), Md.Escape);
        text.Append(Words.Invariant($"Seed `{tonight.Seed}`, repeat with {Md.Code(tonight.Command)}\n"));
        return text.ToString();
    }

    private static void Worse(StringBuilder text, NightlyTrend trend)
    {
        if (!trend.Worse.Any()) return;
        text.Append("**Got worse**\n\n| experiment | number | tonight | level | change | flagged from | must be | nights |\n|---|---|--:|--:|--:|--:|--:|--:|\n");
        foreach (var s in trend.Worse)
        {
            var (m, f) = (s.Last.Measure, s.Tonight!);
            text.Append($"| {Md.Escape(s.Key.Experiment)} | {Md.Escape(s.Key.Expectation)}: {Md.Escape(s.Key.Measure)} | {Md.Escape(TrendWords.Number(m))} | {Md.Escape(Words.Number(f.Level, m.Unit))} ")
                .Append(Words.Invariant($"| {f.Change * 100:+0.#;−0.#} % | {Md.Escape(Words.Number(f.Limit, m.Unit))} | {Md.Escape(TrendWords.Bound(m))} | {f.Nights} |\n"));
        }

        text.Append($"\n<sub>{Md.Escape(TrendWords.Statistic(trend))}</sub>\n\n");
    }

    private static void List<T>(StringBuilder text, string heading, IEnumerable<T> items, Func<T, string> line)
    {
        var lines = items.Select(line).ToList();
        if (lines.Count == 0) return;
        text.Append($"**{heading}**\n\n{string.Concat(lines.Select(l => $"- {l}\n"))}\n");
    }

    private static string Counts(NightlyTrend trend)
    {
        var passed = trend.Tonight.Experiments.Count(e => e.Outcome == Outcome.Passed);
        var mutants = trend.Mutants is { } all ? $"{all.Count - trend.Survivors.Count()} of {Words.Count(all.Count, "mutant")} killed" : "no mutants were run";
        return $"{passed} of {Words.Count(trend.Tonight.Experiments.Count, "experiment")} passed, {mutants}, {Words.Count(trend.Tested, "number")} compared with {Words.Count(trend.Nights.Count - 1, "night")} before.";
    }

    private static string Mark(NightlyTrend trend) => trend.Tonight.Outcome == Outcome.Passed && !trend.Survivors.Any() ? trend.Worse.Any() ? "⚠️" : "✅" : "❌";
}
