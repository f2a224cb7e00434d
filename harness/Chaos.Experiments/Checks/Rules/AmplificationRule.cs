namespace Chaos.Experiments.Checks.Rules;

/// <summary>
/// How the multiplied load on a dependency is judged. The promise of a retry budget is a bound on counts (retries ≤ reserve +
/// ratio × operations) and the counters count everything, so there is no sampling error and nothing to test: who keeps
/// the promise never breaks the check, and the allowance hides whatever is smaller than it.
/// </summary>
internal static class AmplificationRule
{
    /// <summary>What was found.</summary>
    /// <param name="Through">Operations that the breaker let through.</param>
    /// <param name="Value">Attempts beyond the allowance for each of them.</param>
    /// <param name="Ok">Whether that is within the limit.</param>
    internal readonly record struct Outcome(double Through, double Value, bool Ok);

    /// <summary>Judges.</summary>
    /// <param name="asked">Operations asked for.</param>
    /// <param name="turnedAway">How many of them the breaker turned away: counted in, they would hide whatever the rest are multiplied by.</param>
    /// <param name="attempts">Attempts that left.</param>
    /// <param name="allowance">Attempts that may leave whatever the load.</param>
    /// <param name="max">Largest amplification.</param>
    public static Outcome Judge(double asked, double turnedAway, double attempts, double allowance, double max)
    {
        var through = Math.Max(1, asked - turnedAway);
        var value = Math.Max(0, attempts - allowance) / through;
        return new Outcome(through, value, value <= max);
    }
}
