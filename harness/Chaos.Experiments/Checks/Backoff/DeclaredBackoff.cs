using Chaos.Client.Policies;
using Chaos.Experiments.Definitions;
using Chaos.Load.Plain;

namespace Chaos.Experiments.Checks.Backoff;

/// <summary>What a fleet's clients declare of the delay before each attempt, in milliseconds.</summary>
/// <param name="policy">Their policy.</param>
/// <param name="offset">
/// Whether the delay starts at the base: the npm client <c>centrifuge</c> 5 waits min(cap, base + uniform[0, min(cap, base·2^k))).
/// </param>
internal sealed class DeclaredBackoff(ClientPolicy policy, bool offset)
{
    /// <summary>The declaration of a fleet.</summary>
    /// <exception cref="NotSupportedException">The distribution is unknown.</exception>
    public static DeclaredBackoff Of(FleetDefinition fleet)
    {
        if (fleet.Policy.Distribution != "full-jitter")
            throw new NotSupportedException($"The distribution {fleet.Policy.Distribution} is unknown; full-jitter is known.");
        return new DeclaredBackoff(fleet.Policy, fleet.Client == "centrifuge-js");
    }

    /// <summary>Whether gaps can be tested against the declared distribution, or by the rules for black boxes alone.</summary>
    public static bool IsDeclared(FleetDefinition fleet) => fleet.Client is "reference" or PlainFleet.Name;

    /// <summary>Smallest delay before attempt <paramref name="attempt"/> (0 is the first after a loss).</summary>
    public double LowerMs(int attempt) => offset ? Math.Min(policy.CapMs, policy.BaseMs) : 0;

    /// <summary>Largest delay.</summary>
    public double UpperMs(int attempt) => Math.Min(policy.CapMs, LowerMs(attempt) + policy.UpperBoundMs(attempt));

    /// <summary>Median delay.</summary>
    public double MedianMs(int attempt) => Math.Min(policy.CapMs, LowerMs(attempt) + policy.UpperBoundMs(attempt) / 2);

    /// <summary>Largest delay at any attempt.</summary>
    public double CapMs => policy.CapMs;
}
