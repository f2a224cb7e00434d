using Chaos.Journal.Verdicts;
using Chaos.Reports.Charts;
using Chaos.Reports.Html;
using Chaos.Reports.Markdown;
using Chaos.Reports.Tests.Samples;
using Chaos.Reports.Text;
using CsCheck;
using Xunit;

namespace Chaos.Reports.Tests;

public sealed class TextTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(12345, "12,345")]
    [InlineData(12345.6, "12,346")]
    [InlineData(231.44, "231")]
    [InlineData(23.14, "23.1")]
    [InlineData(1.084, "1.08")]
    [InlineData(0.0962, "0.0962")]
    [InlineData(0.0000123, "1.23e-5")]
    [InlineData(-4.567, "-4.57")]
    [InlineData(double.NaN, "–")]
    [InlineData(double.PositiveInfinity, "unbounded")]
    public void Figures_keep_what_matters(double value, string text) => Assert.Equal(text, Words.Number(value));

    [Fact]
    public void A_broken_expectation_decides_before_one_that_is_closer_to_its_threshold()
    {
        var near = SampleVerdicts.Met("near", "c", "", "", new Measure("m", 99, 100, "ms", 1, true));
        var nearer = SampleVerdicts.Met("nearer", "c", "", "", new Measure("m", 100, 99.9, "", 1, true, "≥"));
        var broken = SampleVerdicts.Broken("broken", "c", "", "", new Measure("m", 101, 100, "ms", 1, false));
        Assert.Equal("broken", Deciding.Of(SampleVerdicts.Experiment("x", Outcome.Deviated, "", [near, broken, nearer]))!.Result.Id);
        Assert.Equal("nearer", Deciding.Of(SampleVerdicts.Experiment("x", Outcome.Passed, "", [near, nearer]))!.Result.Id);
        Assert.Equal("x-before", Deciding.Of(SampleVerdicts.Experiment("x", Outcome.BaselineNotMet, "", [near]))!.Result.Id);
    }

    [Fact]
    public void Whatever_text_a_hole_holds_it_is_no_markup() => Gen.String.Sample(text =>
    {
        var html = Markup.Of($"""<p title="{text}">{text}</p>""").Text;
        return !html["<p title=\"".Length..^"</p>".Length].Replace("\">", "", StringComparison.Ordinal).AsSpan().ContainsAny('<', '>', '"');
    });

    [Fact]
    public void Text_in_a_Markdown_table_stays_in_its_cell() =>
        Assert.Equal(@"a \| b c &lt;d&gt; \*e\* \`f\`", Md.Escape("a | b\nc <d> *e* `f`"));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 7.3)]
    [InlineData(0, 4321)]
    [InlineData(0.2, 93)]
    public void Ticks_lie_within_the_range_and_are_neither_none_nor_many(double from, double to) =>
        Assert.InRange(Axis.Steps(from, to, 5).Count(t => t >= from && t <= to + 1e-9), 2, 12);

    [Fact]
    public void An_axis_over_nothing_is_still_an_axis()
    {
        foreach (var axis in new[] { Axis.Linear(0), Axis.Linear(double.NaN), Axis.Linear(double.PositiveInfinity), Axis.Log(0, 0), Axis.Log(0.05, 90_000) })
        {
            Assert.True(axis.Max > axis.Min);
            Assert.True(axis.Ticks.Count >= 2);
        }
    }
}
