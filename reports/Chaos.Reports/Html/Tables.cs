namespace Chaos.Reports.Html;

/// <summary>A column: its heading, and whether it holds figures (these are set flush right).</summary>
internal readonly record struct Column(string Heading, bool Figures = false);

/// <summary>Plain tables that a phone shows by letting them scroll sideways within their own box.</summary>
internal static class Tables
{
    public static Markup Of(IReadOnlyList<Column> columns, IEnumerable<IReadOnlyList<Markup>> rows) => Markup.Of($"""
        <div class="scroll"><table><thead><tr>{Markup.Join(columns, Head)}</tr></thead><tbody>
        {Markup.Join(rows, r => Markup.Of($"<tr>{Markup.Join(r.Select((cell, i) => Cell(cell, columns[i])))}</tr>\n"))}</tbody></table></div>
        """);

    private static Markup Head(Column column) =>
        column.Figures ? Markup.Of($"""<th class="fig" scope="col">{column.Heading}</th>""") : Markup.Of($"""<th scope="col">{column.Heading}</th>""");

    private static Markup Cell(Markup cell, Column column) =>
        column.Figures ? Markup.Of($"""<td class="fig">{cell}</td>""") : Markup.Of($"<td>{cell}</td>");
}
