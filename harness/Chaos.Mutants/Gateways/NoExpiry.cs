using Chaos.Gateway.Auth;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Chaos.Mutants.Gateways;

/// <summary>A token is looked at when it is presented and never again.</summary>
internal static class NoExpiry
{
    internal static GatewayMutant Mutant { get; } = new("gateway.no-expiry", "Never takes access away from a connection or subscription whose token has expired.",
        services => services.Replace(ServiceDescriptor.Singleton<ITokenExpiry, Never>()));

    private sealed class Never : ITokenExpiry
    {
        public DateTimeOffset? RevokeAt(DateTimeOffset expires) => null;
    }
}
