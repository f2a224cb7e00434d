namespace Chaos.Cli.Composition;

/// <summary>A line of a checklist, and the heading it stands under.</summary>
internal sealed record ChecklistLine(string Section, string Line);

/// <summary>A checklist as a Markdown file beside its experiments: second-level headings, and list items below them.</summary>
internal static class ChecklistFile
{
    /// <summary>Its name.</summary>
    public const string Name = "CHECKLIST.md";

    private const string Heading = "## ";
    private const string Item = "- ";

    /// <summary>The checklist of a folder; null where it has none.</summary>
    public static IReadOnlyList<ChecklistLine>? Read(string folder)
    {
        var path = Path.Combine(folder, Name);
        if (!File.Exists(path)) return null;
        var section = "";
        var lines = new List<ChecklistLine>();
        foreach (var text in File.ReadLines(path))
        {
            if (text.StartsWith(Heading, StringComparison.Ordinal)) section = text[Heading.Length..].Trim();
            else if (text.StartsWith(Item, StringComparison.Ordinal)) lines.Add(new ChecklistLine(section, text[Item.Length..].Trim()));
        }

        return lines;
    }
}
