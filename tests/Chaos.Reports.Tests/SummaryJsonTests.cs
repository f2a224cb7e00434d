using System.Text.Json;
using Chaos.Journal.IO;
using Chaos.Journal.Verdicts;
using Chaos.Reports.Tests.Samples;
using Xunit;

namespace Chaos.Reports.Tests;

public sealed class SummaryJsonTests
{
    [Fact]
    public void Outcomes_are_spelt_as_everywhere_and_what_is_no_number_is_null()
    {
        var verdict = SampleVerdicts.Run(Outcome.BaselineNotMet, [SampleVerdicts.Experiment("x", Outcome.BaselineNotMet, "Why.",
            [SampleVerdicts.Broken("e", "latency", "", "", new Measure("p99", double.PositiveInfinity, double.NaN, "ms", 0, false))])]);
        using var json = JsonDocument.Parse(Written.As("summary.json", (new SampleJournal().RunStarts().Build(), verdict)));
        Assert.Equal(1, json.RootElement.GetProperty("schema_version").GetInt32());
        Assert.Equal("baseline-not-met", json.RootElement.GetProperty("outcome").GetString());
        Assert.Equal(1, json.RootElement.GetProperty("counts").GetProperty("baseline-not-met").GetInt32());
        Assert.False(json.RootElement.GetProperty("ended_in_order").GetBoolean());
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("experiments")[0].GetProperty("expectations")[0].GetProperty("measures")[0].GetProperty("value").ValueKind);
    }

    [Fact]
    public void Every_format_can_be_written_for_a_journal_without_anything()
    {
        var folder = Directory.CreateTempSubdirectory("chaos-report-").FullName;
        var files = ReportWriter.WriteAll(new JournalContent([], [], false), SampleVerdicts.Run(Outcome.Inconclusive, []), Path.Combine(folder, "new"));
        Assert.Equal(["junit.xml", "report.html", "summary.json", "summary.md"], files.Select(Path.GetFileName).Order());
        Assert.All(files, f => Assert.True(new FileInfo(f).Length > 0));
        Directory.Delete(folder, true);
    }

    [Fact]
    public void A_longer_file_of_an_earlier_report_leaves_nothing_behind()
    {
        var folder = Directory.CreateTempSubdirectory("chaos-report-").FullName;
        File.WriteAllText(Path.Combine(folder, "summary.json"), new string('x', 100_000));
        ReportWriter.WriteAll(new JournalContent([], [], false), SampleVerdicts.Run(Outcome.Inconclusive, []), folder);
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "summary.json")));
        Directory.Delete(folder, true);
    }
}
