using Chaos.Gateway.Sessions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Chaos.Mutants.Gateways;

/// <summary>A client that does not read costs memory without end.</summary>
internal static class UnboundedQueue
{
    internal static GatewayMutant Mutant { get; } = new("gateway.unbounded-queue", "Keeps any number of messages for a client that does not read.",
        services => services.Replace(ServiceDescriptor.Singleton<ISendQueueFactory, Factory>()));

    private sealed class Factory : ISendQueueFactory
    {
        public ISendQueue Create() => new SendQueue(int.MaxValue, int.MaxValue);
    }
}
