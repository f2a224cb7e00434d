using System.Text.Json;
using Chaos.Journal.Verdicts;
using Chaos.Reports.Tests.Samples;
using Chaos.Reports.Trend;
using Xunit;

namespace Chaos.Reports.Tests.Trend;

/// <summary>Which nights are compared with which, and what is not.</summary>
public sealed class ComparisonTests
{
    private static readonly SeriesKey P95 = new("latency-clients-far", "budget-far", "p95");

    [Theory]
    [InlineData("≤", BadSide.Above)]
    [InlineData("<", BadSide.Above)]
    [InlineData("≥", BadSide.Below)]
    [InlineData("within", BadSide.Away)]
    [InlineData("≈", BadSide.Away)]
    [InlineData("=", BadSide.Other)]
    public void The_bad_side_follows_from_the_comparison(string comparison, BadSide expected) => Assert.Equal(expected, BadSides.Of(comparison));

    [Fact]
    public void Nights_on_another_machine_are_not_compared_with()
    {
        IReadOnlyList<Night> nights = [.. SampleNights.Healthy(1, 10).Select(n => n with { Machine = n.Machine with { Cores = 16 } }), SampleNights.One(1, 10, new Plant(SlowTail: 1.2))];

        Assert.Equal("it has 0 of the 7 comparable nights that it needs", Find(nights, P95).NotTested);
    }

    [Fact]
    public void Nights_under_other_conditions_are_not_compared_with_and_a_new_threshold_changes_nothing()
    {
        Assert.Equal(Conditions("""{"fleet":{"count":400},"title":"a","expectations":[{"id":"x","check":"latency","during":"run","options":{"p95_ms":100}}]}"""),
            Conditions("""{"fleet":{"count":400},"title":"b","mutants":[1],"expectations":[{"id":"x","check":"latency","during":"run","options":{"p95_ms":200}}]}"""));
        Assert.NotEqual(Conditions("""{"fleet":{"count":400}}"""), Conditions("""{"fleet":{"count":100}}"""));
        Assert.NotEqual(Conditions("""{"expectations":[{"id":"x","during":"run"}]}"""), Conditions("""{"expectations":[{"id":"x","during":"faults"}]}"""));

        IReadOnlyList<Night> nights = [.. SampleNights.Healthy(1, 10).Select(n => n with { Experiments = [.. n.Experiments.Select(e => e with { Conditions = "other" })] }), SampleNights.One(1, 10, new Plant())];
        Assert.Equal("it has 0 of the 7 comparable nights that it needs", Find(nights, P95).NotTested);
    }

    [Fact]
    public void What_a_busy_machine_found_is_neither_flagged_nor_learned()
    {
        List<Night> nights = [.. SampleNights.Healthy(1, 10)];
        for (var i = 10; i < 13; i++)
        {
            var slow = SampleNights.One(1, i, new Plant(SlowTail: 1.2));
            nights.Add(slow with { Experiments = [.. slow.Experiments.Select(e => e with { Load = new MachineLoad(0.5, 0) })] });
        }

        Assert.Equal("other programs kept the machine busy", Find(nights, P95).NotTested);
        nights.Add(SampleNights.One(1, 13, new Plant(SlowTail: 1.2)));
        Assert.True(Find(nights, P95).Tonight is { Worse: true, Nights: 10 });
    }

    [Fact]
    public void Beyond_its_threshold_the_verdict_says_so_and_the_trend_does_not_say_it_again()
    {
        var tonight = SampleNights.One(1, 10, new Plant(SlowTail: 2.5));
        var trend = FalseAlarmTests.Compare([.. SampleNights.Healthy(1, 10), tonight]);

        Assert.False(trend.Series.Single(s => s.Key == P95).Last.Measure.Ok);
        Assert.Equal("it is beyond its threshold already", trend.Series.Single(s => s.Key == P95).NotTested);
    }

    [Fact]
    public void A_number_that_would_cross_its_threshold_first_is_not_tested_and_does_not_cost_the_others()
    {
        var trend = FalseAlarmTests.Compare(SampleNights.Healthy(1, 20));

        Assert.Equal("it varies so much that it would cross its threshold first", trend.Series.Single(s => s.Key == new SeriesKey("backoff-storm", "jitter", "KS D, attempt 0")).NotTested);
        Assert.Equal(trend.Series.Count(s => s.Tonight is not null), trend.Tested);
    }

    [Fact]
    public void Numbers_that_are_right_or_wrong_and_numbers_that_move_in_steps_are_not_tested()
    {
        var trend = FalseAlarmTests.Compare(SampleNights.Healthy(1, 20));

        Assert.Equal("it is right or wrong, and has no way to get worse before it is wrong", trend.Series.Single(s => s.Key.Experiment == "tokens-and-channels").NotTested);
        Assert.Equal("it is not above zero, and only ratios are compared", trend.Series.First(s => s.Key.Measure == "lost").NotTested);
        Assert.Equal("it moves in steps: fewer than 5 different values", trend.Series.Single(s => s.Key is { Experiment: "incident-storm", Measure: "p99" }).NotTested);
    }

    [Fact]
    public void Only_the_last_nights_are_shown_and_counted()
    {
        var nights = SampleNights.Healthy(1, 30);
        var trend = NightlyTrend.Of(new NightsRead([.. nights.Take(29)], []), nights[29], new TrendRules(Nights: 12));

        Assert.Equal(13, trend.Nights.Count);
        var p95 = trend.Series.Single(s => s.Key == P95);
        Assert.Equal(Enumerable.Range(0, 13), p95.Points.Select(p => p.Night));
        Assert.Equal(12, p95.Tonight!.Nights);
    }

    [Theory]
    [InlineData("1.0.0+abc", true)]
    [InlineData("1.0.0+def", false)]
    public void An_experiment_is_flaky_when_its_outcome_changes_and_the_tool_does_not(string toolOfTheOddNight, bool flaky)
    {
        List<Night> nights = [.. SampleNights.Healthy(1, 4)];
        nights[2] = SampleTrend.Deviated(nights[2], "metastability", "It did not come back.") with { Tool = toolOfTheOddNight };

        var found = FlakyExperiment.Among(nights);

        Assert.Equal(flaky, found.Count == 1);
        if (!flaky) return;
        Assert.Equal(("metastability", 2, 4, 3), (found[0].Id, found[0].Changes, found[0].Ran, found[0].Passed));
        Assert.Equal(1002, Assert.Single(found[0].Odd).Seed);
    }

    private static TrendSeries Find(IReadOnlyList<Night> nights, SeriesKey key) => FalseAlarmTests.Compare(nights).Series.Single(s => s.Key == key);

    private static string Conditions(string json)
    {
        using var document = JsonDocument.Parse(json);
        return NightOf.ConditionsOf(document.RootElement);
    }
}
