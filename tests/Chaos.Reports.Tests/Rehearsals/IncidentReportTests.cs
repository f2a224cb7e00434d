using System.Text.Json;
using System.Text.RegularExpressions;
using Chaos.Journal.Events;
using Chaos.Journal.IO;
using Chaos.Journal.Verdicts;
using Chaos.Reports.Rehearsals;
using Chaos.Reports.Tests.Samples;
using Snapshooter.Xunit3;
using Xunit;

namespace Chaos.Reports.Tests.Rehearsals;

public sealed partial class IncidentReportTests
{
    [Fact]
    public void The_Markdown_of_an_incident_keeps_its_shape() => Snapshot.Match(Markdown(SampleRehearsal.Person()));

    [Fact]
    public void The_JSON_of_incidents_keeps_its_shape() => Snapshot.Match(Json(SampleRehearsal.WithAndWithout()));

    [Fact]
    public void The_story_goes_from_the_beginning_of_the_fault_in_order_of_time_and_says_what_helped()
    {
        var story = IncidentText.Story(Single(SampleRehearsal.Person())).ToList();
        Assert.Equal([("-6.0 s", "before", "lines is on eu.clients, all the time."), ("0.0 s", "began", "The cause begins to act.")], story.Take(2));
        Assert.Equal(story.Select(s => Seconds(s.At)).Order(), story.Select(s => Seconds(s.At)));
        Assert.Contains(("0.1 s", "fault", "v2 is on eu.gateway-2."), story);
        Assert.Contains(("4.0 s", "note", "Two customers call."), story);
        Assert.Contains(("7.0 s", "action", "eu.redis takes its spare way. The cause was elsewhere."), story);
        Assert.Contains(("12.0 s", "action", "eu.gateway-2 was rolled back and drained. That helped."), story);
        Assert.Equal(("22.0 s", "end", "The system is stable again."), story[^1]);
    }

    [Fact]
    public void What_was_missed_are_steps_that_were_passed_over_and_actions_in_vain_that_were_left_as_they_were()
    {
        Assert.Equal(
            ["Nobody came to the step “Is one region full while the other is empty?”.", "Nobody came to the step “Do clients come and go?”.", "This did not help and was not undone: eu.redis takes its spare way."],
            IncidentText.Missed(Single(SampleRehearsal.Person())));
        Assert.Equal(
            ["Nobody came to the step “Is one region full while the other is empty?”.", "Nobody came to the step “Do clients come and go?”.", "Nobody came to the step “Do errors come from a node that was changed?”, which finds the cause.", "The cause was never named.",
                "Nothing that was done took the cause's effect away."],
            IncidentText.Missed(Single(SampleRehearsal.Expired())));
    }

    [Fact]
    public void Nothing_is_held_against_nobody()
    {
        var nobody = RehearsalResult.Of(SampleRehearsal.WithAndWithout().Events).Single(r => r.Started.Mode == RehearsalModes.Nobody);
        Assert.Empty(IncidentText.Missed(nobody));
        Assert.Equal("A new release refuses publishes. Nobody did anything.", IncidentText.Finding(nobody));
    }

    [Fact]
    public void With_a_comparison_both_are_told_and_the_medians_stand_side_by_side()
    {
        var page = Html(SampleRehearsal.WithAndWithout());
        const string medians = "Median time to stability: 9.0 s with the runbook, 61.0 s without (15 %, at most 50 % may be).";
        Assert.Contains(medians, page, StringComparison.Ordinal);
        Assert.Contains(medians, Markdown(SampleRehearsal.WithAndWithout()).Replace("\\", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("bad-release, with the runbook (seed 42)", page, StringComparison.Ordinal);
        Assert.Contains("bad-release, without the runbook (seed 42)", page, StringComparison.Ordinal);
        Assert.DoesNotContain("What was missed", page[page.IndexOf("without the runbook (seed 42)", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_comparison_there_is_no_word_of_one()
    {
        var page = Html(SampleRehearsal.Auto());
        Assert.Contains("The cause was named in 1 of 1 rehearsals (100 %, at least 95 % must be).", page, StringComparison.Ordinal);
        Assert.DoesNotContain("without the runbook", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Median", page, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(Json(SampleRehearsal.Auto()));
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("median_without_s").ValueKind);
        Assert.Equal(1, json.RootElement.GetProperty("rehearsals").GetArrayLength());
    }

    [Fact]
    public void What_was_never_reached_has_no_figure_and_the_outcome_says_so()
    {
        var journal = SampleRehearsal.Expired();
        Assert.Equal(Outcome.Deviated, RehearsalVerdict.Judge(RehearsalResult.Of(journal.Events)).Outcome);
        Assert.Equal(["2.0 s", "not reached", "not reached", "not reached"], IncidentText.Times(Single(journal)).Select(t => t.Value));
        Assert.DoesNotMatch(@"NaN|∞|Infinity", Html(journal) + Markdown(journal) + Json(journal));
        using var json = JsonDocument.Parse(Json(journal));
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("median_with_s").ValueKind);
        Assert.Equal("deviated", json.RootElement.GetProperty("outcome").GetString());
    }

    [Fact]
    public void A_note_cannot_become_markup_nor_break_a_table()
    {
        var journal = SampleRehearsal.Person(SmallRun.Hostile);
        var page = Html(journal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", page, StringComparison.Ordinal);

        var row = Markdown(journal).Split('\n').Single(l => l.Contains("alert(1)", StringComparison.Ordinal));
        Assert.DoesNotContain("<", row, StringComparison.Ordinal);
        Assert.Equal(4, UnescapedBar().Count(row));
        using var json = JsonDocument.Parse(Json(journal));
        Assert.Equal("live-42-person", json.RootElement.GetProperty("rehearsals")[0].GetProperty("id").GetString());
    }

    [Fact]
    public void The_cause_is_the_heading_and_what_is_so_all_the_time_is_not_drawn_like_it()
    {
        var page = Html(SampleRehearsal.WithAndWithout());
        Assert.Contains("<h1 class=\"fault-name\">A new release refuses publishes.</h1>", page, StringComparison.Ordinal);
        var charts = string.Concat(Chart().Matches(page).Select(m => m.Value));
        Assert.Contains(">v2", charts, StringComparison.Ordinal);
        Assert.DoesNotContain("lines", charts, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_loads_nothing_from_anywhere_and_is_the_same_every_time()
    {
        var page = Html(SampleRehearsal.WithAndWithout());
        Assert.DoesNotMatch(@"(?i)<(script|link|iframe|object|embed|img|base|form)\b", page);
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
        Assert.Equal(page, Html(SampleRehearsal.WithAndWithout()));
    }

    [Fact]
    public void A_journal_without_rehearsals_makes_no_report_of_incidents()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"chaos-incident-{Guid.NewGuid():N}");
        Assert.Empty(IncidentReport.WriteAll(SmallRun.Make().Journal, folder));
        Assert.False(Directory.Exists(folder));
    }

    private static RehearsalResult Single(JournalContent journal) => Assert.Single(RehearsalResult.Of(journal.Events));

    private static double Seconds(string text) => double.Parse(text[..^2], System.Globalization.CultureInfo.InvariantCulture);

    private static string Html(JournalContent journal) => Written(journal, IncidentReport.HtmlName);

    private static string Markdown(JournalContent journal) => Written(journal, IncidentReport.MarkdownName);

    private static string Json(JournalContent journal) => Written(journal, IncidentReport.JsonName);

    private static string Written(JournalContent journal, string name)
    {
        var folder = Directory.CreateTempSubdirectory("chaos-incident-").FullName;
        try
        {
            Assert.Equal(["incident.html", "incident.md", "incident.json"], IncidentReport.WriteAll(journal, folder).Select(Path.GetFileName));
            return File.ReadAllText(Path.Combine(folder, name));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [GeneratedRegex("<svg.*?</svg>", RegexOptions.Singleline)]
    private static partial Regex Chart();

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex UnescapedBar();
}
