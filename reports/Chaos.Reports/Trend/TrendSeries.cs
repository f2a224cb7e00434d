namespace Chaos.Reports.Trend;

/// <summary>Names a number over the nights.</summary>
public sealed record SeriesKey(string Experiment, string Expectation, string Measure);

/// <summary>A number on one night.</summary>
/// <param name="Night">Index of the night in <see cref="NightlyTrend.Nights"/>.</param>
/// <param name="Limit">From which value on it would have been flagged on that night; null when it was not tested.</param>
/// <param name="Worse">It was flagged.</param>
public sealed record SeriesPoint(int Night, NightMeasure Measure, double? Limit, bool Worse);

/// <summary>How tonight's number compares with the nights before.</summary>
/// <param name="Level">Geometric mean of the nights before, in the number's own unit.</param>
/// <param name="Nights">How many nights that is.</param>
/// <param name="Change">Relative change, such as 0.2 for 20 % more.</param>
/// <param name="Limit">From which value on it is flagged.</param>
/// <param name="Chance">Probability of such a value, or a worse one, if nothing changed; of this series alone, before the correction.</param>
/// <param name="Worse">It is flagged.</param>
public sealed record SeriesFinding(double Level, int Nights, double Change, double Limit, double Chance, bool Worse);

/// <summary>A number over the nights.</summary>
/// <param name="Check">Name of the check.</param>
/// <param name="Bad">Which side of its threshold is the bad one.</param>
/// <param name="Points">In order of the nights; nights without it have none.</param>
/// <param name="Tonight">How tonight compares; null when it was not tested.</param>
/// <param name="NotTested">Why it was not, as a clause; null when it was.</param>
public sealed record TrendSeries(SeriesKey Key, string Check, BadSide Bad, IReadOnlyList<SeriesPoint> Points, SeriesFinding? Tonight, string? NotTested)
{
    /// <summary>The last point.</summary>
    public SeriesPoint Last => Points[^1];

    /// <summary>Whether it ever had another value.</summary>
    public bool Moved => Points.Select(p => p.Measure.Value).Distinct().Count() > 1;
}
