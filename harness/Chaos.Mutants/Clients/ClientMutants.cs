namespace Chaos.Mutants.Clients;

/// <summary>The broken clients.</summary>
internal static class ClientMutants
{
    internal static IReadOnlyList<ClientMutant> All { get; } =
    [
        FixedDelay.Mutant,
        InStepAtCap.Mutant,
        JitterAboveCap.Mutant,
        OneDrawPerProcess.Mutant,
        ResetOnAckWithoutDelay.Mutant,
        ResetOnOpen.Mutant,
        NoDelay.Mutant,
        NoGrowth.Mutant,
        ImpatientLiveness.Mutant,
        NoLiveness.Mutant,
        PingsWithoutDeadline.Mutant,
        WaitsForClose.Mutant,
        StuckOffset.Mutant,
        NoDedup.Mutant,
        NoRecovery.Mutant,
        ResendWithoutIds.Mutant,
        NoResend.Mutant,
        ResendsAll.Mutant,
        GivesUp.Mutant,
        RetriesTerminal.Mutant,
        .. WrongRegion.All,
    ];
}
