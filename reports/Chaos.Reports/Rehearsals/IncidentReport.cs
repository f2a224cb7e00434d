using System.Text;
using Chaos.Journal.IO;

namespace Chaos.Reports.Rehearsals;

/// <summary>The reports of incidents that were rehearsed: pure functions of the journal.</summary>
public static class IncidentReport
{
    /// <summary>The page for people.</summary>
    public const string HtmlName = "incident.html";

    /// <summary>The same to paste into a ticket.</summary>
    public const string MarkdownName = "incident.md";

    /// <summary>The figures, for programs.</summary>
    public const string JsonName = "incident.json";

    /// <summary>Writes all three into <paramref name="directory"/>, which is created if need be; nothing where the journal has no rehearsal.</summary>
    /// <returns>Paths of the files written, the page first.</returns>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static IReadOnlyList<string> WriteAll(JournalContent journal, string directory)
    {
        var incidents = RehearsalResult.Of(journal.Events);
        if (incidents.Count == 0) return [];
        Directory.CreateDirectory(directory);
        var verdict = RehearsalVerdict.Judge(incidents);
        (string Name, string Text)[] files =
            [(HtmlName, IncidentPage.Render(incidents, verdict)), (MarkdownName, IncidentMarkdown.Render(incidents, verdict)), (JsonName, IncidentJson.Render(incidents, verdict))];
        foreach (var (name, text) in files) File.WriteAllText(Path.Combine(directory, name), text, new UTF8Encoding(false));
        return [.. files.Select(f => Path.Combine(directory, f.Name))];
    }
}
