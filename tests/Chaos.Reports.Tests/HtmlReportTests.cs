using System.Text.RegularExpressions;
using System.Xml.Linq;
using Chaos.Journal.Events;
using Chaos.Journal.IO;
using Chaos.Journal.Verdicts;
using Chaos.Reports.Tests.Samples;
using Xunit;

namespace Chaos.Reports.Tests;

public sealed partial class HtmlReportTests
{
    private static readonly Lazy<string> Real = new(() => Written.As("report.html", RealisticRun.Make()));

    [Fact]
    public void The_page_loads_nothing_from_anywhere_and_runs_no_script()
    {
        foreach (var page in new[] { Real.Value, Written.As("report.html", SmallRun.Make()) })
        {
            Assert.DoesNotMatch(@"(?i)<(script|link|iframe|object|embed|img|base|form)\b", page);
            Assert.DoesNotMatch(@"(?i)(src|action|xlink:href)\s*=\s*[""']", page.Replace("src=x", "", StringComparison.Ordinal));
            Assert.DoesNotMatch(@"(?i)@import|url\(\s*[""']?(?!#)", page);
            Assert.All(HrefPattern().Matches(page), m => Assert.StartsWith("#", m.Groups[1].Value, StringComparison.Ordinal));
            Assert.DoesNotContain("http://", page.Replace("http://www.w3.org/", "", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
            Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_comes_from_files_cannot_become_markup()
    {
        var page = Written.As("report.html", SmallRun.Make());
        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_names_in_charts_labels_and_attributes_are_encoded_too()
    {
        var journal = new SampleJournal().RunStarts(SmallRun.Hostile).Experiment("x\"><q>", 0, definition: new { fleet = new { link = SmallRun.Hostile } });
        journal.Phases(0, 1, 2, 3, 4, 5).Fault(SmallRun.Hostile, "<i>link</i>", "<u>type</u>", 2, 3).Add(1, new ClientConnected("<c>", null, false, null));
        var verdict = SampleVerdicts.Run(Outcome.Passed, [SampleVerdicts.Experiment("x\"><q>", Outcome.Passed, SmallRun.Hostile,
            [SampleVerdicts.Met(SmallRun.Hostile, SmallRun.Hostile, SmallRun.Hostile, SmallRun.Hostile, new Measure(SmallRun.Hostile, 1, 1, SmallRun.Hostile, 1, true, SmallRun.Hostile))])]);
        var page = Written.As("report.html", (journal.Build(), verdict with { Command = SmallRun.Hostile, Run = SmallRun.Hostile }));
        Assert.DoesNotMatch("<(q|i|u|c)>", page);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_experiment_run_or_skipped_is_on_the_page_with_its_verdict()
    {
        var (journal, verdict) = RealisticRun.Make();
        Assert.All(verdict.Experiments, e =>
        {
            Assert.Contains($"id=\"x-{e.Id}\"", Real.Value, StringComparison.Ordinal);
            Assert.Contains($"href=\"#x-{e.Id}\"", Real.Value, StringComparison.Ordinal);
            Assert.Contains(e.Sentence, Real.Value, StringComparison.Ordinal);
        });
        Assert.Contains("Node is not installed; it needs Node 20 or later.", Real.Value, StringComparison.Ordinal);
        Assert.Contains(verdict.Command, Real.Value, StringComparison.Ordinal);
        Assert.NotEmpty(journal.Events);
    }

    [Fact]
    public void No_figure_is_written_as_NaN_or_infinity()
    {
        foreach (var page in new[] { Real.Value, Written.As("report.html", SmallRun.Make()) })
            Assert.DoesNotMatch(@"NaN|∞|Infinity", page);
    }

    [Fact]
    public void Charts_are_well_formed_and_no_two_elements_share_an_id()
    {
        var charts = SvgPattern().Matches(Real.Value).Select(m => m.Value).ToList();
        Assert.True(charts.Count >= 10, $"only {charts.Count} charts");
        Assert.All(charts, c => XDocument.Parse(c));
        var ids = IdPattern().Matches(Real.Value).Select(m => m.Groups[1].Value).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.All(ClipPattern().Matches(Real.Value), m => Assert.Contains(m.Groups[1].Value, ids));
    }

    [Fact]
    public void Every_colour_of_a_chart_is_one_that_the_style_sheet_defines_for_light_and_dark()
    {
        Assert.DoesNotMatch("(?i)#a1b2[0-9a-f]{2}", Real.Value);
        foreach (var name in VariablePattern().Matches(Real.Value).Select(m => m.Groups[1].Value).Distinct())
            Assert.Equal(2, Regex.Count(Real.Value, $"{Regex.Escape(name)}:"));
    }

    [Fact]
    public void A_fault_is_named_above_every_chart_over_time()
    {
        var charts = SvgPattern().Matches(Real.Value).Select(m => m.Value).Where(c => c.Contains("aria-label=\"Delivery time percentiles of latency-redis-slow", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, charts.Count);
        Assert.All(charts, c => Assert.Contains(">redis-slow", c, StringComparison.Ordinal));
        Assert.All(charts, c => Assert.Contains("p99 ≤ 200 ms", c, StringComparison.Ordinal));
        Assert.All(charts, c => Assert.Contains("var(--c-shade)", c, StringComparison.Ordinal));
    }

    [Fact]
    public void A_killed_run_says_where_it_was_and_shows_what_there_is()
    {
        var journal = new SampleJournal().RunStarts().Experiment("latency", 1).Add(1, new PhaseEntered("world")).Add(2, new PhaseEntered("baseline"))
            .Add(3, new PhaseEntered("faults")).Add(3, new FaultOn("slow", 0, "eu.redis", "latency", "downstream", 1, default))
            .Add(4.5, new ClientConnected("c-1", null, false, null));
        var verdict = SampleVerdicts.Run(Outcome.Interrupted, [SampleVerdicts.Experiment("latency", Outcome.Interrupted, "It was stopped.", [])]);
        var page = Written.As("report.html", (journal.Build(), verdict));
        Assert.Contains("The run was killed 4.5 s after it began, in experiment latency, phase faults.", page, StringComparison.Ordinal);
        Assert.Contains("not recorded", page, StringComparison.Ordinal);
        Assert.Contains("1 client connected", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_journal_without_anything_makes_a_page_that_says_so()
    {
        var page = Written.As("report.html", (new JournalContent([], [], true), SampleVerdicts.Run(Outcome.Inconclusive, [])));
        Assert.Contains("No experiment was run.", page, StringComparison.Ordinal);
        Assert.Contains("The journal has no events.", page, StringComparison.Ordinal);
        Assert.Contains("The last line is incomplete", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_verdict_without_its_events_says_in_words_what_cannot_be_drawn()
    {
        var page = Written.As("report.html", (new SampleJournal().RunStarts().Build(), SampleVerdicts.Run(Outcome.Error, [SampleVerdicts.Experiment("lost", Outcome.Error, "The harness failed.", [])])));
        Assert.Contains("No messages were delivered, so there are no delivery times to show.", page, StringComparison.Ordinal);
        Assert.Contains("No client of the fleet tried to connect", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<svg", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_journal_makes_the_same_page_every_time()
        => Assert.Equal(Real.Value, Written.As("report.html", RealisticRun.Make()));

    [GeneratedRegex("href=\"([^\"]*)\"")]
    private static partial Regex HrefPattern();

    [GeneratedRegex("<svg.*?</svg>", RegexOptions.Singleline)]
    private static partial Regex SvgPattern();

    [GeneratedRegex(" id=\"([^\"]*)\"")]
    private static partial Regex IdPattern();

    [GeneratedRegex("url\\(#([^)]*)\\)")]
    private static partial Regex ClipPattern();

    [GeneratedRegex("var\\((--c-[a-z0-9-]+)\\)")]
    private static partial Regex VariablePattern();
}
