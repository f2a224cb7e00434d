namespace Chaos.Experiments.Checks.Rules;

/// <summary>
/// How the goodput after a fault is compared with the baseline's. Messages are due at equal distances from a seeded phase, so
/// two windows of an unharmed run differ by the messages at their edges and by nothing else.
/// </summary>
internal static class GoodputRule
{
    /// <summary>Goodput after over goodput before.</summary>
    /// <param name="before">Messages acknowledged in the baseline, at least one.</param>
    /// <param name="beforeSeconds">Length of the baseline.</param>
    /// <param name="after">Messages acknowledged in the rest of the recovery.</param>
    /// <param name="afterSeconds">Length of that rest.</param>
    /// <param name="least">Least share that is no alarm.</param>
    public static (double Share, bool Ok) Judge(long before, double beforeSeconds, long after, double afterSeconds, double least)
    {
        var share = after / afterSeconds / (before / beforeSeconds);
        return (share, share >= least);
    }
}
