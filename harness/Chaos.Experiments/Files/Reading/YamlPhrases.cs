using YamlDotNet.Core;

namespace Chaos.Experiments.Files.Reading;

/// <summary>What the YAML library says of broken syntax, in this tool's words.</summary>
internal static class YamlPhrases
{
    private static readonly (string Part, string Message, string Hint)[] Known =
    [
        ("invalid mapping", "a value cannot be a mapping on the same line", "Put the text in quotes, or check the indentation."),
        ("did not find expected '-' indicator", "a list goes on without '-'", "Begin the entry with '- ', or check the indentation."),
        ("did not find expected key", "a key is expected here", "Write 'key: value', and align it with the keys above."),
        ("unexpected end of stream", "a quote is never closed", "Close it."),
        ("character that cannot start any token", "a value cannot begin with this character", "Put the value in quotes."),
        ("unknown escape character", "unknown escape in a quoted text", "Write '\\\\' for a backslash, or use single quotes."),
        ("did not find expected node content", "a value is missing here", "Give one; look for a bracket that is never closed."),
        ("did not find expected ',' or", "',' or a closing bracket is expected here", "Look for a bracket that is never closed."),
        ("could not find expected ':'", "':' is missing after this key", "Write 'key: value'."),
        ("found wrong indentation", "a quoted text goes on without indentation", "Close the quote, or indent the lines that belong to it."),
        ("incompatible YAML document", "a %YAML directive of another version", "Remove it."),
        ("mapping values are not allowed", "a value cannot be a mapping on the same line", "Put the text in quotes, or check the indentation."),
    ];

    /// <summary>The errors for a file that is not YAML: every tab that indents, else what the library met first.</summary>
    public static IReadOnlyList<FileError> Syntax(YamlException e, string file, string text)
    {
        var tabs = Tabs(text).Select(t => new Place(file, t.Line, t.Column).Error("a tab cannot indent", "Use spaces.")).ToList();
        return tabs.Count > 0 ? tabs : [First(e, file)];
    }

    private static FileError First(YamlException e, string file)
    {
        var place = new Place(file, Math.Max(1, (int)e.Start.Line), Math.Max(1, (int)e.Start.Column));
        foreach (var (part, message, hint) in Known)
        {
            if (e.Message.Contains(part, StringComparison.Ordinal)) return place.Error(message, hint);
        }

        return place.Error($"this is no YAML: {LowerFirst(e.Message.TrimEnd('.', ' '))}", "Check this line and the one above.");
    }

    private static IEnumerable<(int Line, int Column)> Tabs(string text)
    {
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            var indent = line.Length - line.TrimStart(' ', '\t').Length;
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            if (tab >= 0 && tab < indent && line.Trim().Length > 0) yield return (number, tab + 1);
        }
    }

    private static string LowerFirst(string text) => text.Length == 0 ? text : char.ToLowerInvariant(text[0]) + text[1..];
}
