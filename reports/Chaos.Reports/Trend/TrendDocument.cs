using Chaos.Journal.Verdicts;

namespace Chaos.Reports.Trend;

// The shape of trend.json. Members are snake_case, outcomes are spelt as everywhere. Members may be added within a schema version; one
// that changes its meaning or goes away raises it.

/// <summary>Tonight beside the nights before.</summary>
/// <param name="SchemaVersion">Version of this shape, 1.</param>
/// <param name="Outcome">Worst outcome of the suite.</param>
/// <param name="Worse">How many numbers are flagged.</param>
/// <param name="Survivors">How many mutants survived; null when they were left out.</param>
/// <param name="Statistic">What flagged means, in words.</param>
/// <param name="Nights">The nights compared, oldest first; the last is tonight. Points of series count from 0 in this list.</param>
internal sealed record TrendDocument(int SchemaVersion, string Run, long Seed, string Command, Outcome Outcome, int Worse, int? Survivors, string Headline, string Statistic,
    RulesSummary Rules, IReadOnlyList<NightSummary> Nights, IReadOnlyList<SeriesSummary> Series, IReadOnlyList<FlakyExperiment> Flaky, IReadOnlyList<MutantTrend>? Mutants,
    IReadOnlyList<string> Problems)
{
    public static TrendDocument Of(NightlyTrend trend)
    {
        var tonight = trend.Tonight;
        return new TrendDocument(Json.JsonReport.SchemaVersion, tonight.Run, tonight.Seed, tonight.Command, tonight.Outcome, trend.Worse.Count(),
            trend.Mutants is null ? null : trend.Survivors.Count(), TrendWords.Headline(trend), TrendWords.Statistic(trend),
            new RulesSummary(trend.Rules.Nights, trend.Rules.Alpha, TrendRules.LeastNights, TrendRules.LeastChange, trend.Tested),
            [.. trend.Nights.Select(n => new NightSummary(n.Run, n.StartedAt, n.Seed, n.Tool, n.Outcome))],
            [.. trend.Series.Select(Of)], trend.Flaky, trend.Mutants, trend.Problems);
    }

    private static SeriesSummary Of(TrendSeries s) => new(s.Key.Experiment, s.Key.Expectation, s.Key.Measure, s.Check, s.Last.Measure.Unit, s.Last.Measure.Comparison, s.Bad,
        s.Tonight, s.NotTested, [.. s.Points.Select(p => new PointSummary(p.Night, p.Measure.Value, p.Measure.Threshold, p.Measure.Sample, p.Measure.Ok, p.Limit, p.Worse))]);
}

/// <summary>How it was compared.</summary>
/// <param name="Tested">Among how many numbers the error level was divided.</param>
internal sealed record RulesSummary(int Nights, double Alpha, int LeastNights, double LeastChange, int Tested);

/// <summary>A night.</summary>
internal sealed record NightSummary(string Run, DateTimeOffset StartedAt, long Seed, string Tool, Outcome Outcome);

/// <summary>A number over the nights.</summary>
internal sealed record SeriesSummary(string Experiment, string Expectation, string Measure, string Check, string Unit, string Comparison, BadSide Bad,
    SeriesFinding? Tonight, string? NotTested, IReadOnlyList<PointSummary> Points);

/// <summary>A number on one night.</summary>
internal sealed record PointSummary(int Night, double? Value, double? Threshold, long Sample, bool Ok, double? Limit, bool Worse);
