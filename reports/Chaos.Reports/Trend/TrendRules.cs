namespace Chaos.Reports.Trend;

/// <summary>How nights are compared.</summary>
/// <param name="Nights">Of the earlier nights, how many of the last ones count, 7 to 365.</param>
/// <param name="Alpha">
/// Of nights on which nothing changed, the share on which anything at all is flagged, if the logarithms are normal. It is divided by the
/// number of series tested on the night (Bonferroni: Dunn, JASA 56, 1961), which holds however the series depend on one another. On
/// simulated nights of the whole checklist, whose extremes and peaks are skewed, it was 1.1 in 100 (260 of 24,000).
/// </param>
public sealed record TrendRules(int Nights = 30, double Alpha = 0.005)
{
    /// <summary>Fewest nights to compare with: a week.</summary>
    public const int LeastNights = 7;

    /// <summary>A number that took fewer values than this moves in steps; a normal distribution says nothing about it.</summary>
    public const int LeastDistinct = 5;

    /// <summary>How many times as far from the median as on any night before, on that side, a flagged value must be.</summary>
    public const double LeastReach = 2;

    /// <summary>A change below 5 % is not flagged, however sure it is: budgets are not set that closely.</summary>
    public const double LeastChange = 0.05;
}
