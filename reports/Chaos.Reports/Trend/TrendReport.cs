using System.Text;
using System.Text.Json;
using Chaos.Reports.Json;

namespace Chaos.Reports.Trend;

/// <summary>Writes a trend as trend.html, trend.md, trend.json and junit-trend.xml.</summary>
public static class TrendReport
{
    /// <summary>Writes all four files into <paramref name="directory"/>, which is created if need be.</summary>
    /// <returns>Paths of the files written.</returns>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static IReadOnlyList<string> WriteAll(NightlyTrend trend, string directory)
    {
        Directory.CreateDirectory(directory);
        (string Name, string Content)[] files = [("trend.html", Html(trend)), ("trend.md", Markdown(trend)), ("trend.json", Json(trend)), ("junit-trend.xml", JUnit(trend))];
        foreach (var (name, content) in files) File.WriteAllText(Path.Combine(directory, name), content);
        return [.. files.Select(f => Path.Combine(directory, f.Name))];
    }

    /// <summary>A page without scripts, that needs nothing but itself.</summary>
    public static string Html(NightlyTrend trend) => TrendPage.Of(trend).Text;

    /// <summary>For the summary of a CI job.</summary>
    public static string Markdown(NightlyTrend trend) => TrendMarkdown.Of(trend);

    /// <summary>For programs; snake_case, with <c>schema_version</c>.</summary>
    public static string Json(NightlyTrend trend)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, JsonReport.Readable)) JsonSerializer.Serialize(writer, TrendDocument.Of(trend), NightJson.Default.TrendDocument);
        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    /// <summary>For whatever shows tests.</summary>
    public static string JUnit(NightlyTrend trend)
    {
        using var buffer = new MemoryStream();
        TrendJUnit.Write(trend, buffer);
        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
