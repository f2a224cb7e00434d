using Chaos.Reports.Data;

namespace Chaos.Reports;

/// <summary>One file of a report. To add a format, write one of these and list it in <see cref="ReportWriter.Formats"/>.</summary>
public interface IReportFormat
{
    /// <summary>Name of the file, such as <c>junit.xml</c>.</summary>
    string FileName { get; }

    /// <summary>Writes the file's content as UTF-8; a pure function of <paramref name="run"/>.</summary>
    void Write(RunData run, Stream output);
}
