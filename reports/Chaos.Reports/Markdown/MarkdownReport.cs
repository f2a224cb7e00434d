using System.Text;
using Chaos.Journal.Verdicts;
using Chaos.Reports.Data;
using Chaos.Reports.Text;

namespace Chaos.Reports.Markdown;

/// <summary>The summary for a CI job: the terminal's table, and under it a line for each thing that did not hold.</summary>
internal sealed class MarkdownReport : IReportFormat
{
    public string FileName => "summary.md";

    public void Write(RunData run, Stream output)
    {
        var verdict = run.Verdict;
        var text = new StringBuilder();
        text.Append(Words.Invariant($"## {Mark(verdict.Outcome)} Chaos: {Words.Of(verdict.Outcome)}\n\n"));
        if (run.Killed is not null) text.Append($"**{Md.Escape(run.Killed)}**\n\n");
        if (run.Experiments.Count + verdict.Skipped.Count > 0) Table(verdict, text);
        else text.Append("No experiment was run.\n\n");
        Findings(verdict, text);
        if (run.Problems.Count > 0) text.Append($"Problems of the journal:\n\n{string.Concat(run.Problems.Take(20).Select(p => $"- {Md.Escape(p)}\n"))}\n");
        text.Append(Words.Invariant($"Seed `{verdict.Seed}`, repeat with {Md.Code(verdict.Command)}\n"));
        output.Write(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static void Table(RunVerdict verdict, StringBuilder text)
    {
        text.Append("| experiment | checklist | verdict | decided by | observed | must be | sample |\n|---|---|---|---|--:|--:|--:|\n");
        foreach (var e in verdict.Experiments)
        {
            var name = e.Mutant is null ? e.Id : $"{e.Id} with {e.Mutant}";
            var m = Deciding.Of(e) is { } d ? d.Measure is { } number
                    ? $"{Md.Escape(d.Result.Id)}: {Md.Escape(number.Name)} | {Md.Escape(Words.Number(number.Value, number.Unit))} | {Md.Escape(Words.Bound(number))} | {Words.Number(number.Sample)}"
                    : $"{Md.Escape(d.Result.Id)} | no data | | "
                : " | | | ";
            text.Append($"| {Md.Escape(name)} | {Md.Escape(e.Checklist)} | {Mark(e.Outcome)} {Words.Of(e.Outcome)} | {m} |\n");
        }

        foreach (var s in verdict.Skipped) text.Append($"| {Md.Escape(s.Id)} | | – skipped | {Md.Escape(s.Reason)} | | | |\n");
        text.Append('\n');
    }

    private static void Findings(RunVerdict verdict, StringBuilder text)
    {
        foreach (var e in verdict.Experiments.Where(e => e.Outcome != Outcome.Passed))
        {
            text.Append($"**{Md.Escape(e.Id)}**: {Md.Escape(e.Sentence)}\n\n");
            var bad = e.SteadyBefore.Concat(e.Expectations).Concat(e.SteadyAfter).Where(r => r.Outcome != ExpectationOutcome.Met).ToList();
            foreach (var r in bad) text.Append($"- {Words.Of(r.Outcome)}: {Md.Escape(r.Id)}: {Md.Escape(r.Sentence)}\n");
            if (bad.Count > 0) text.Append('\n');
        }
    }

    private static string Mark(Outcome outcome) => outcome switch { Outcome.Passed => "✅", Outcome.Deviated => "❌", Outcome.Error or Outcome.ProbeError => "💥", _ => "⚠️" };
}

/// <summary>Keeps text from files from becoming Markdown or HTML.</summary>
internal static class Md
{
    public static string Escape(string text)
    {
        var safe = new StringBuilder(text.Length);
        foreach (var c in text.ReplaceLineEndings(" "))
        {
            if (c is '<') safe.Append("&lt;");
            else if (c is '>') safe.Append("&gt;");
            else if (c is '&') safe.Append("&amp;");
            else if (c is '|' or '*' or '_' or '`' or '[' or ']' or '\\') safe.Append('\\').Append(c);
            else safe.Append(char.IsControl(c) ? ' ' : c);
        }

        return safe.ToString();
    }

    /// <summary>As code, fenced by more backticks than it has.</summary>
    public static string Code(string text)
    {
        var flat = text.ReplaceLineEndings(" ");
        var fence = "`";
        while (flat.Contains(fence, StringComparison.Ordinal)) fence += "`";
        return fence.Length == 1 ? $"`{flat}`" : $"{fence} {flat} {fence}";
    }
}
