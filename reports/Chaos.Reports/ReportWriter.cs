using Chaos.Journal.IO;
using Chaos.Journal.Verdicts;
using Chaos.Reports.Data;
using Chaos.Reports.Html;
using Chaos.Reports.Json;
using Chaos.Reports.JUnit;
using Chaos.Reports.Markdown;

namespace Chaos.Reports;

/// <summary>Turns a journal and its verdict into files.</summary>
public static class ReportWriter
{
    /// <summary>Every format, in the order in which they are written.</summary>
    public static IReadOnlyList<IReportFormat> Formats { get; } =
        [new JsonReport(), new MarkdownReport(), new JUnitReport(), new HtmlReport()];

    /// <summary>
    /// Writes every format into <paramref name="directory"/>, which is created if need be; files of an earlier report are replaced.
    /// Works for any journal that can be read, also that of a killed run.
    /// </summary>
    /// <returns>Paths of the files written.</returns>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static IReadOnlyList<string> WriteAll(JournalContent journal, RunVerdict verdict, string directory)
    {
        Directory.CreateDirectory(directory);
        var run = RunData.From(journal, verdict);
        var written = new List<string>();
        foreach (var format in Formats)
        {
            var path = Path.Combine(directory, format.FileName);
            using var file = File.Create(path);
            format.Write(run, file);
            written.Add(path);
        }

        return written;
    }
}
