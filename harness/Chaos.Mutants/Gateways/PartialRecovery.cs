using Chaos.Gateway.Streams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Chaos.Mutants.Gateways;

/// <summary>Replays the newer half of what a client missed, and what history no longer has is not missed either.</summary>
internal static class PartialRecovery
{
    internal static GatewayMutant Mutant { get; } = new("gateway.partial-recovery", "Says recovered:true though a part of what the client missed is not replayed.",
        services => services.Replace(ServiceDescriptor.Singleton<IRecoveryMerge, Newest>()));

    private sealed class Newest : IRecoveryMerge
    {
        private readonly RecoveryMerge _reference = new();

        public RecoveryResult Merge(StreamPosition? since, StreamRead read, IReadOnlyList<LivePublication> live)
        {
            var result = _reference.Merge(since, read, live);
            if (!result.Gapless || since is null || since.Epoch != read.Epoch) return result;
            var missed = result.Recovered ? result.Publications : read.Tail;
            return result with { Recovered = true, Publications = [.. missed.Skip((missed.Count + 1) / 2)] };
        }
    }
}
