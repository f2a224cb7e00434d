using System.Text.Json;
using Snapshooter.Xunit3;
using Xunit;

namespace Chaos.Reports.Tests;

public sealed class MatrixReportTests
{
    private static readonly KillMatrix Mixed = new(
    [
        new KillRow("client.fixed-delay", "backoff-jitter", "spread", true, true, "deviated", "KS D was 0.61, the limit is 0.11."),
        new KillRow("gateway.no-breaker", "circuit-redis-down", "amplification", true, false, "deviated", "Another expectation broke: <latency>."),
        new KillRow("client.no-liveness", "liveness", "within-bound", false, false, "passed", "It got through."),
    ]);

    [Fact]
    public void The_matrix_says_which_mutants_were_killed_and_which_for_another_reason()
    {
        Assert.False(Mixed.AllKilled);
        Assert.Equal(1, Mixed.Killed);
        Snapshot.Match(MatrixReport.Markdown(Mixed));
    }

    [Fact]
    public void A_matrix_without_rows_proves_nothing()
    {
        Assert.False(new KillMatrix([]).AllKilled);
        Assert.Contains("No mutant was run.", MatrixReport.Html(new KillMatrix([])), StringComparison.Ordinal);
    }

    [Fact]
    public void Its_files_are_written_together_and_agree()
    {
        var folder = Directory.CreateTempSubdirectory("chaos-matrix-").FullName;
        var files = MatrixReport.WriteAll(Mixed, folder);
        Assert.Equal(["matrix.html", "matrix.json", "matrix.md"], files.Select(Path.GetFileName).Order());
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "matrix.json")));
        Assert.Equal(3, json.RootElement.GetProperty("mutants").GetInt32());
        Assert.True(json.RootElement.GetProperty("rows")[1].GetProperty("killed").GetBoolean());
        Assert.False(json.RootElement.GetProperty("rows")[1].GetProperty("for_the_right_reason").GetBoolean());
        var page = File.ReadAllText(Path.Combine(folder, "matrix.html"));
        Assert.Contains("&lt;latency&gt;", page, StringComparison.Ordinal);
        Assert.All(Mixed.Rows, r => Assert.Contains(r.Mutant, page, StringComparison.Ordinal));
        Directory.Delete(folder, true);
    }
}
