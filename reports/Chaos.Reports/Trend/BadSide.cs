using Chaos.Journal.Verdicts;

namespace Chaos.Reports.Trend;

/// <summary>On which side of its threshold a number is bad.</summary>
public enum BadSide
{
    /// <summary>More is worse: "≤" and "&lt;".</summary>
    Above,

    /// <summary>Less is worse: "≥" and "&gt;".</summary>
    Below,

    /// <summary>Farther from the threshold is worse, either way: "within" and "≈".</summary>
    Away,

    /// <summary>Any other value is bad: "=". Such a number is right or wrong, and has no way to get worse before it is wrong.</summary>
    Other,
}

/// <summary>Finds the bad side.</summary>
public static class BadSides
{
    /// <summary>The bad side of a comparison as <see cref="Measure.Comparison"/> writes it; one that is not known counts as exact.</summary>
    public static BadSide Of(string comparison) => comparison switch
    {
        "≤" or "<" => BadSide.Above,
        "≥" or ">" => BadSide.Below,
        "within" or "≈" => BadSide.Away,
        _ => BadSide.Other,
    };
}
