using System.Text;
using Chaos.Reports.Markdown;
using Chaos.Reports.Text;

namespace Chaos.Reports.Rehearsals;

/// <summary>The report of incidents as Markdown, to paste into a ticket.</summary>
internal static class IncidentMarkdown
{
    public static string Render(IReadOnlyList<RehearsalResult> incidents, RehearsalVerdict verdict)
    {
        var text = new StringBuilder($"# {Md.Escape(incidents[0].Started.Title)}\n\n**{Words.Of(verdict.Outcome)}**: {string.Join(" ", verdict.Sentences.Select(Md.Escape))}\n");
        foreach (var incident in incidents)
        {
            text.Append($"\n## {Md.Escape(IncidentText.Heading(incident))}\n\n{Md.Escape(IncidentText.Finding(incident))}\n\n");
            foreach (var (name, value) in IncidentText.Times(incident)) text.Append($"- {name}: {Md.Escape(value)}\n");
            text.Append("\n| after | what | |\n|--:|---|---|\n");
            foreach (var (at, what, line) in IncidentText.Story(incident)) text.Append($"| {at} | {what} | {Md.Escape(line)} |\n");
            if (IncidentText.Missed(incident) is not { Count: > 0 } missed) continue;
            text.Append("\nWhat was missed:\n\n");
            foreach (var line in missed) text.Append($"- {Md.Escape(line)}\n");
        }

        return text.ToString();
    }
}
