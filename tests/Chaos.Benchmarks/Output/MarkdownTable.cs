using Spectre.Console;

namespace Chaos.Benchmarks.Output;

/// <summary>Tables that can be pasted into a README as they are printed.</summary>
internal static class MarkdownTable
{
    private const int Width = 200;

    public static void Print(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Interactive = InteractionSupport.No });
        console.Profile.Width = Width;
        var table = new Table { Border = TableBorder.Markdown };
        foreach (var column in columns) table.AddColumn(new TableColumn(column) { NoWrap = true, Alignment = column == columns[0] ? Justify.Left : Justify.Right });
        foreach (var row in rows) table.AddRow(row.Select(Markup.Escape).ToArray());
        console.Write(table);
    }
}
