using System.Text;
using Chaos.Journal.IO;
using Chaos.Journal.Verdicts;
using Chaos.Reports.Data;

namespace Chaos.Reports.Tests;

/// <summary>Reports as text.</summary>
internal static class Written
{
    public static string As(string fileName, (JournalContent Journal, RunVerdict Verdict) run)
    {
        using var buffer = new MemoryStream();
        ReportWriter.Formats.Single(f => f.FileName == fileName).Write(RunData.From(run.Journal, run.Verdict), buffer);
        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
