using Chaos.Reports.Tests.Samples;
using Xunit;

namespace Chaos.Reports.Tests;

public sealed class SampleReportTests(ITestOutputHelper output)
{
    /// <summary>Set CHAOS_SAMPLE_REPORT to a folder to keep the sample for looking at.</summary>
    [Fact]
    public void A_suite_as_large_as_a_real_one_makes_a_page_of_under_two_megabytes()
    {
        var (journal, verdict) = RealisticRun.Make();
        var folder = Environment.GetEnvironmentVariable("CHAOS_SAMPLE_REPORT") ?? Directory.CreateTempSubdirectory("chaos-report-").FullName;
        var files = ReportWriter.WriteAll(journal, verdict, folder);
        var bytes = new FileInfo(files.Single(f => f.EndsWith("report.html", StringComparison.Ordinal))).Length;
        output.WriteLine($"seed 7, {journal.Events.Count} events, report.html {bytes / 1024} KiB in {folder}");
        // Three experiments here; a suite has about eight.
        Assert.InRange(bytes, 20_000, 2_000_000 * 3 / 8);
    }
}
