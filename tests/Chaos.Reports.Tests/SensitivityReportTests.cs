using System.Text.Json;
using Chaos.Reports.Sensitivity;
using Xunit;

namespace Chaos.Reports.Tests;

public sealed class SensitivityReportTests
{
    private static readonly SensitivityCurves Curves = new(7, 1000,
    [
        new SensitivityCurve("backoff-storm", "jitter", "backoff_jitter", "clients in step", "% of clients", 400, [new(0, 0), new(5, 300), new(10, 990), new(12, 940), new(15, 1000)]),
        new SensitivityCurve("<resume>", "lost", "loss", "deliveries lost", "per million", 900, [new(0, 0), new(100, 90)]),
    ]);

    [Fact]
    public void A_size_counts_only_when_all_larger_ones_are_caught_as_often()
    {
        Assert.Equal(10, Curves.Curves[0].CaughtFrom(0.5, 1000));
        Assert.Equal(15, Curves.Curves[0].CaughtFrom(0.95, 1000));
        Assert.Null(Curves.Curves[1].CaughtFrom(0.5, 1000));
        Assert.Equal("more than 100 per million", SensitivityReport.SizeText(Curves.Curves[1], 0.5, 1000));
    }

    [Fact]
    public void The_page_has_a_table_and_a_chart_for_every_curve_and_encodes_names()
    {
        var html = SensitivityReport.Html(Curves);
        Assert.Contains("&lt;resume&gt;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<resume>", html, StringComparison.Ordinal);
        Assert.Contains("15 % of clients", html, StringComparison.Ordinal);
        Assert.Equal(2, html.Split("<figure").Length - 1);
    }

    [Fact]
    public void Its_files_are_written_together_and_agree()
    {
        var folder = Directory.CreateTempSubdirectory("chaos-sensitivity-").FullName;
        var files = SensitivityReport.WriteAll(Curves, folder);
        Assert.Equal(["sensitivity.csv", "sensitivity.html", "sensitivity.json"], files.Select(Path.GetFileName).Order());
        var csv = File.ReadAllLines(Path.Combine(folder, "sensitivity.csv"));
        Assert.Equal(8, csv.Length);
        Assert.Equal("backoff-storm,jitter,backoff_jitter,clients in step,% of clients,400,10,1000,990", csv[3]);
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "sensitivity.json")));
        Assert.Equal(1000, json.RootElement.GetProperty("repetitions").GetInt32());
        Assert.Equal(990, json.RootElement.GetProperty("curves")[0].GetProperty("points")[2].GetProperty("caught").GetInt32());
        Directory.Delete(folder, recursive: true);
    }
}
