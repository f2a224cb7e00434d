using Chaos.Client.Parts;

namespace Chaos.Mutants.Clients;

/// <summary>A client that was told to stay away and does not.</summary>
internal sealed class RetriesTerminal : ITerminalCodes
{
    internal static ClientMutant Mutant { get; } = new("client.retries-terminal",
        "Goes on connecting after a terminal code.",
        parts => parts with { TerminalCodes = new RetriesTerminal() });

    public bool IsTerminalClose(int code) => false;

    public bool IsTerminalConnectError(int code, bool temporary) => false;
}
