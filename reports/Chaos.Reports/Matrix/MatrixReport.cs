using System.Text;
using System.Text.Json;
using Chaos.Reports.Html;
using Chaos.Reports.Json;
using Chaos.Reports.Markdown;
using Chaos.Reports.Text;

namespace Chaos.Reports;

/// <summary>Writes the kill matrix as matrix.html, matrix.json and matrix.md.</summary>
public static class MatrixReport
{
    private static readonly Column[] Columns = [new("Result"), new("Mutant"), new("Experiment"), new("Must break"), new("What was found")];

    /// <summary>Writes all three files into <paramref name="directory"/>, which is created if need be.</summary>
    /// <returns>Paths of the files written.</returns>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static IReadOnlyList<string> WriteAll(KillMatrix matrix, string directory)
    {
        Directory.CreateDirectory(directory);
        (string Name, string Content)[] files = [("matrix.html", Html(matrix)), ("matrix.json", Json(matrix)), ("matrix.md", Markdown(matrix))];
        foreach (var (name, content) in files) File.WriteAllText(Path.Combine(directory, name), content);
        return [.. files.Select(f => Path.Combine(directory, f.Name))];
    }

    /// <summary>A page of its own, without scripts, that needs nothing but itself.</summary>
    public static string Html(KillMatrix matrix)
    {
        var tone = matrix.AllKilled ? "good" : "bad";
        return Page.Wrap("Chaos: kill matrix", Markup.Of($"""
            <header class="{tone}"><p class="run">Chaos kill matrix</p><h1>{Headline(matrix)}</h1>
            <p class="tally">A mutant is a part broken in one named way. An experiment that lets one pass proves nothing about that line of the checklist.</p></header>
            <main><section>{(matrix.Rows.Count == 0 ? Markup.Of($"""<p class="empty">No mutant was run.</p>""") : Tables.Of(Columns, matrix.Rows.Select(Row)))}</section></main>
            """)).Text;
    }

    /// <summary>For programs: <c>schema_version</c>, totals and rows, snake_case.</summary>
    public static string Json(KillMatrix matrix)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, JsonReport.Readable))
        {
            JsonSerializer.Serialize(writer, new KillMatrixDocument(JsonReport.SchemaVersion, matrix.Rows.Count, matrix.Killed, matrix.AllKilled, matrix.Rows),
                ReportJson.Default.KillMatrixDocument);
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    /// <summary>For a CI job's summary.</summary>
    public static string Markdown(KillMatrix matrix)
    {
        var text = new StringBuilder($"## {(matrix.AllKilled ? "✅" : "❌")} {Headline(matrix)}\n\n");
        if (matrix.Rows.Count > 0) text.Append("| result | mutant | experiment | must break | verdict | found |\n|---|---|---|---|---|---|\n");
        foreach (var r in matrix.Rows)
        {
            text.Append($"| {(r is { Killed: true, ForTheRightReason: true } ? "✅" : "❌")} {Result(r)} | {Md.Escape(r.Mutant)} | {Md.Escape(r.Experiment)} ")
                .Append($"| {Md.Escape(r.ExpectedExpectation)} | {Md.Escape(r.Verdict)} | {Md.Escape(r.Sentence)} |\n");
        }

        return text.ToString();
    }

    private static string Headline(KillMatrix matrix) => matrix.Rows.Count == 0
        ? "No mutant was run." : Words.Invariant($"{matrix.Killed} of {Words.Count(matrix.Rows.Count, "mutant")} killed for the right reason.");

    private static string Result(KillRow row) => row switch
    {
        { Killed: false } => "survived",
        { ForTheRightReason: false } => "wrong reason",
        _ => "killed",
    };

    private static IReadOnlyList<Markup> Row(KillRow row) =>
    [
        Badges.Badge(row switch { { Killed: false } => "bad", { ForTheRightReason: false } => "unsure", _ => "good" }, Result(row)),
        Markup.Of($"<b>{row.Mutant}</b>"), Markup.Encode(row.Experiment), Markup.Encode(row.ExpectedExpectation),
        Markup.Of($"{row.Sentence}<small>{row.Verdict}</small>"),
    ];
}
