namespace Chaos.Mutants.Rules;

/// <summary>Alerts that fire at the first evaluation, and stop at the first that is well again: each blink wakes somebody.</summary>
internal static class NoHoldTime
{
    internal static AlertMutant Mutant { get; } = new("alerts.no-hold-time", "Alerts fire at once, without a hold time.", owned =>
        owned with { Alerts = owned.Alerts with { Alerts = [.. owned.Alerts.Alerts.Select(a => a with { For = TimeSpan.Zero, KeepFiringFor = TimeSpan.Zero })] } });
}
