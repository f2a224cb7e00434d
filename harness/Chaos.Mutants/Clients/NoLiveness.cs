using Chaos.Client.Parts;
using Chaos.Client.Policies;

namespace Chaos.Mutants.Clients;

/// <summary>On a black hole it waits until TCP gives up, if that ever happens.</summary>
internal sealed class NoLiveness : ILiveness
{
    internal static ClientMutant Mutant { get; } = new("client.no-liveness",
        "Never gives a silent connection up.",
        parts => parts with { Liveness = new NoLiveness() });

    public double? LongestSilenceMs(double pingMs, ClientPolicy policy) => null;

    public double? HeartbeatMs(double pingMs) => null;
}
