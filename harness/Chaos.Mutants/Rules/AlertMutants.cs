namespace Chaos.Mutants.Rules;

/// <summary>The broken alerts.</summary>
internal static class AlertMutants
{
    internal static IReadOnlyList<AlertMutant> All { get; } =
    [
        AbsentReadsHealthy.Mutant,
        HandoverInUtc.Mutant,
        NoHoldTime.Mutant,
    ];
}
