using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Chaos.Reports.Tests.Samples;
using Chaos.Reports.Trend;
using Xunit;

namespace Chaos.Reports.Tests.Trend;

public sealed partial class TrendReportTests(ITestOutputHelper output)
{
    private static readonly NightlyTrend Trend = SampleTrend.Make();
    private static readonly string Page = TrendReport.Html(Trend);

    [Fact]
    public void The_page_needs_nothing_but_itself_and_runs_no_script()
    {
        Assert.DoesNotMatch(@"(?i)<(script|link|iframe|object|embed|img|base|form)\b", Page);
        Assert.DoesNotMatch(@"(?i)@import|url\(\s*[""']?(?!#)", Page);
        Assert.DoesNotContain("https://", Page, StringComparison.Ordinal);
        Assert.All(HrefPattern().Matches(Page), m => Assert.StartsWith("#", m.Groups[1].Value, StringComparison.Ordinal));
        Assert.Contains("default-src 'none'", Page, StringComparison.Ordinal);
    }

    [Fact]
    public void What_comes_from_files_cannot_become_markup()
    {
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", Page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", TrendReport.Markdown(Trend), StringComparison.Ordinal);
        Assert.DoesNotContain("<img", TrendReport.Markdown(Trend), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_number_is_on_the_page_as_a_chart_or_as_one_that_never_moved()
    {
        var charts = SvgPattern().Matches(Page).Select(m => XDocument.Parse(m.Value)).ToList();
        var labels = charts.Select(c => (string)c.Root!.Attribute("aria-label")!).ToHashSet();
        Assert.All(Trend.Series.Where(s => s.Moved), s => Assert.Contains($"{s.Key.Measure} of {s.Key.Expectation} in {s.Key.Experiment}, night by night", labels));
        Assert.Equal(Trend.Series.Count(s => !s.Moved), StillPattern().Matches(Page).Sum(m => int.Parse(m.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.DoesNotMatch("NaN|∞|Infinity", Page);
        var ids = IdPattern().Matches(Page).Select(m => m.Groups[1].Value).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.All(HrefPattern().Matches(Page), m => Assert.Contains(m.Groups[1].Value[1..], ids));
    }

    [Fact]
    public void It_says_what_got_worse_by_which_statistic_what_is_flaky_and_what_survived()
    {
        Assert.Contains("Everything held, but 1 mutant survived, and ", Page, StringComparison.Ordinal);
        Assert.Matches(@"p95 is \d+ ms, [\d.]+ % above its level of \d+ ms on 20 nights; flagged from \d+ ms, must be ≤ 300 ms", Page);
        Assert.Contains("Hahn and Meeker", Page, StringComparison.Ordinal);
        Assert.Contains("passed on 19 of 21 nights, and changed 4 times", Page, StringComparison.Ordinal);
        Assert.Contains("1 of 2 mutants killed", Page, StringComparison.Ordinal);
        Assert.Contains(Trend.Tonight.Command, Page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_Markdown_has_a_row_for_each_number_that_got_worse_and_the_seeds_that_repeat_it()
    {
        var text = TrendReport.Markdown(Trend);
        output.WriteLine(text);

        Assert.All(Trend.Worse, w => Assert.Contains($"| {w.Key.Experiment} | {w.Key.Expectation}: {w.Key.Measure}", text, StringComparison.Ordinal));
        Assert.Contains("**client.fixed-delay** under backoff-storm: jitter did not break.", text, StringComparison.Ordinal);
        Assert.Contains("**incident-storm** passed on 19 of 21 nights", text, StringComparison.Ordinal);
        Assert.Contains("Last deviated on 2026-10-07, seed `7016`", text, StringComparison.Ordinal);
        Assert.EndsWith("Seed `7020`, repeat with `./chaos nightly --seed 7`\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_JUnit_file_fails_for_each_number_that_got_worse_and_each_survivor_and_for_nothing_else()
    {
        var root = XDocument.Parse(TrendReport.JUnit(Trend)).Root!;

        Assert.Equal(Trend.Worse.Select(w => $"{w.Key.Expectation}: {w.Key.Measure}").Append("backoff-storm: client.fixed-delay").Order(),
            root.Descendants("testcase").Where(c => c.Element("failure") is not null).Select(c => (string)c.Attribute("name")!).Order());
        Assert.Equal(Trend.Tested + 2, (int)root.Attribute("tests")!);
        Assert.Equal(0, (int)root.Attribute("errors")!);
    }

    [Fact]
    public void The_JSON_says_the_same()
    {
        using var json = JsonDocument.Parse(TrendReport.Json(Trend));
        var root = json.RootElement;

        Assert.Equal(1, root.GetProperty("schema_version").GetInt32());
        Assert.Equal(Trend.Worse.Count(), root.GetProperty("worse").GetInt32());
        Assert.Equal(1, root.GetProperty("survivors").GetInt32());
        var p95 = root.GetProperty("series").EnumerateArray().Single(s => s.GetProperty("experiment").GetString() == "latency-clients-far" && s.GetProperty("measure").GetString() == "p95");
        Assert.Equal("above", p95.GetProperty("bad").GetString());
        Assert.True(p95.GetProperty("tonight").GetProperty("worse").GetBoolean());
        Assert.Equal(21, p95.GetProperty("points").GetArrayLength());
        Assert.Equal(6005, p95.GetProperty("points")[0].GetProperty("sample").GetInt64());
        Assert.Equal("passed", root.GetProperty("nights")[20].GetProperty("outcome").GetString());
    }

    /// <summary>Set CHAOS_SAMPLE_REPORT to a folder to keep the sample for looking at.</summary>
    [Fact]
    public void All_files_are_written_together_and_the_page_is_not_large()
    {
        var folder = Environment.GetEnvironmentVariable("CHAOS_SAMPLE_REPORT") ?? Directory.CreateTempSubdirectory("chaos-trend-").FullName;
        var files = TrendReport.WriteAll(Trend, folder);

        Assert.Equal(["junit-trend.xml", "trend.html", "trend.json", "trend.md"], files.Select(Path.GetFileName).Order());
        var bytes = new FileInfo(files.Single(f => f.EndsWith("trend.html", StringComparison.Ordinal))).Length;
        output.WriteLine($"trend.html {bytes / 1024} KiB in {folder}, {Trend.Series.Count} numbers");
        // A third of the checklist's numbers here.
        Assert.InRange(bytes, 20_000, 2_000_000 / 3);
    }

    [Fact]
    public void A_first_night_has_a_page_that_says_there_is_nothing_to_compare_with()
    {
        var trend = NightlyTrend.Of(new NightsRead([], []), SampleNights.One(1, 0, new Plant()) with { Mutants = null }, new TrendRules());

        Assert.Equal(0, trend.Tested);
        Assert.Contains("compared with 0 nights before", TrendReport.Html(trend), StringComparison.Ordinal);
        Assert.Contains("No mutants were run tonight.", TrendReport.Html(trend), StringComparison.Ordinal);
        Assert.Contains("no mutants were run", TrendReport.Markdown(trend), StringComparison.Ordinal);
    }

    [GeneratedRegex("href=\"([^\"]*)\"")]
    private static partial Regex HrefPattern();

    [GeneratedRegex("<svg.*?</svg>", RegexOptions.Singleline)]
    private static partial Regex SvgPattern();

    [GeneratedRegex("<summary>([0-9]+) numbers? that never moved")]
    private static partial Regex StillPattern();

    [GeneratedRegex(" id=\"([^\"]*)\"")]
    private static partial Regex IdPattern();
}
