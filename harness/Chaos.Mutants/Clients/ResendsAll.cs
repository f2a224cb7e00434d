using Chaos.Client.Parts;

namespace Chaos.Mutants.Clients;

/// <summary>After a refusal everything that waits goes out at once, and with it what has come in since.</summary>
internal sealed class ResendsAll : IPacing
{
    internal static ClientMutant Mutant { get; } = new("client.resends-all",
        "After a refusal sends all that waits again at once, however often it was refused.",
        parts => parts with { Pacing = new ResendsAll() });

    public int AfterRefusal => int.MaxValue;

    public int AfterAcknowledgement(int size) => int.MaxValue;
}
