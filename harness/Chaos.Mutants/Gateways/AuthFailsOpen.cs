using Chaos.Gateway.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Chaos.Mutants.Gateways;

/// <summary>Whatever the check of a channel would say, or however it fails, the answer is yes.</summary>
internal static class AuthFailsOpen
{
    internal static GatewayMutant Mutant { get; } = new("gateway.auth-fails-open", "Lets every authenticated client use every channel.",
        services => services.Replace(ServiceDescriptor.Singleton<IChannelAuthorizer, Open>()));

    private sealed class Open : IChannelAuthorizer
    {
        public ValueTask<ChannelDecision> DecideAsync(ChannelRequest request) => ValueTask.FromResult(new ChannelDecision(null));
    }
}
