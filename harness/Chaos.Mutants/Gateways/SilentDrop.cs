using Chaos.Gateway.Sessions;
using Chaos.Gateway.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Chaos.Mutants.Gateways;

/// <summary>When a client's queue is full, messages vanish, and the client never learns of it.</summary>
internal static class SilentDrop
{
    internal static GatewayMutant Mutant { get; } = new("gateway.silent-drop", "Drops messages when a client's send queue is full, instead of closing with 3008.",
        services => services.Replace(ServiceDescriptor.Singleton<ISendQueueFactory, Factory>()));

    private sealed class Factory(GatewaySettings settings) : ISendQueueFactory
    {
        public ISendQueue Create() => new DroppingQueue(settings.Limits.QueueMessages, settings.Limits.QueueBytes);
    }

    private sealed class DroppingQueue(int maxMessages, int maxBytes) : SendQueue(maxMessages, maxBytes)
    {
        protected override bool Overflow() => true;
    }
}
