namespace Chaos.Mutants.Rules;

/// <summary>Times of handovers are taken for UTC. After a handover the one before is still called, for an hour in winter and two in summer.</summary>
internal static class HandoverInUtc
{
    internal static AlertMutant Mutant { get; } = new("alerts.handover-in-utc", "Times of handovers are read as UTC, so the wrong person is called after one.", owned =>
        owned with
        {
            OnCall = owned.OnCall with { Teams = [.. owned.OnCall.Teams.Select(t => t with { Rotations = [.. t.Rotations.Select(r => r with { Zone = "UTC" })] })] },
        });
}
