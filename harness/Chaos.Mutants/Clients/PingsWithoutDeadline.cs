using Chaos.Client.Parts;
using Chaos.Client.Policies;

namespace Chaos.Mutants.Clients;

/// <summary>Looks alive on the wire, but nothing happens when nothing comes back.</summary>
internal sealed class PingsWithoutDeadline : ILiveness
{
    internal static ClientMutant Mutant { get; } = new("client.pings-without-deadline",
        "Sends heartbeats of its own but waits for no answer.",
        parts => parts with { Liveness = new PingsWithoutDeadline() });

    public double? LongestSilenceMs(double pingMs, ClientPolicy policy) => null;

    public double? HeartbeatMs(double pingMs) => pingMs > 0 ? pingMs : null;
}
