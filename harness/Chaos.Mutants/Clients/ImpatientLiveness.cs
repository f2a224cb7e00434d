using Chaos.Client.Parts;
using Chaos.Client.Policies;

namespace Chaos.Mutants.Clients;

/// <summary>Takes a ping that is a little late for a dead link.</summary>
internal sealed class ImpatientLiveness : ILiveness
{
    private const double SlackMs = 100;

    internal static ClientMutant Mutant { get; } = new("client.impatient-liveness",
        "Gives a connection up 100 ms after a ping was due, whatever slack the policy declares.",
        parts => parts with { Liveness = new ImpatientLiveness() });

    public double? LongestSilenceMs(double pingMs, ClientPolicy policy) => pingMs > 0 ? pingMs + SlackMs : null;

    public double? HeartbeatMs(double pingMs) => null;
}
