using Chaos.Client.Parts;

namespace Chaos.Mutants.Clients;

/// <summary>A client that a restart of the gateway loses for good.</summary>
internal sealed class GivesUp : ITerminalCodes
{
    internal static ClientMutant Mutant { get; } = new("client.gives-up",
        "Takes every close code for a terminal one.",
        parts => parts with { TerminalCodes = new GivesUp() });

    public bool IsTerminalClose(int code) => true;

    public bool IsTerminalConnectError(int code, bool temporary) => !temporary;
}
