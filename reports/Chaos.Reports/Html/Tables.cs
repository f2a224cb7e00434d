namespace Chaos.Reports.Html;

/// <summary>A column: its heading, and whether it holds figures (these are set flush right).</summary>
internal readonly record struct Column(string Heading, bool Figures = false);

/// <summary>Plain tables. On a phone, those of more columns than it can hold become a list, a row at a time, with the headings as labels.</summary>
internal static class Tables
{
    private const int MostOnPhone = 4;

    public static Markup Of(IReadOnlyList<Column> columns, IEnumerable<IReadOnlyList<Markup>> rows) => Markup.Of($"""
        <div class="scroll"><table{(columns.Count > MostOnPhone ? new Markup(" class=\"cards\"") : Markup.Empty)}><thead><tr>{Markup.Join(columns, Head)}</tr></thead><tbody>
        {Markup.Join(rows, r => Markup.Of($"<tr>{Markup.Join(r.Select((cell, i) => Cell(cell, columns[i], i == 0)))}</tr>\n"))}</tbody></table></div>
        """);

    private static Markup Head(Column column) =>
        column.Figures ? Markup.Of($"""<th class="fig" scope="col">{column.Heading}</th>""") : Markup.Of($"""<th scope="col">{column.Heading}</th>""");

    private static Markup Cell(Markup cell, Column column, bool first) => Markup.Of(
        $"<td{(column.Figures ? new Markup(" class=\"fig\"") : Markup.Empty)}{(first ? Markup.Empty : Markup.Of($" data-label=\"{column.Heading}\""))}>{cell}</td>");
}
