using Chaos.Client.Parts;
using Chaos.Client.Policies;

namespace Chaos.Mutants.Clients;

/// <summary>Notices the dead link in time, then waits on it for a close frame that cannot come.</summary>
internal sealed class WaitsForClose : ICloseWait
{
    internal static ClientMutant Mutant { get; } = new("client.waits-for-close",
        "Waits a minute for the close handshake of a dead link before it reconnects.",
        parts => parts with { CloseWait = new WaitsForClose() });

    public double DeadLinkMs(ClientPolicy policy) => 60_000;
}
