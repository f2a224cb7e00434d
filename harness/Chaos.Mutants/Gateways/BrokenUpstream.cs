using Chaos.Gateway.Channels;
using Chaos.Gateway.Dependencies;
using Chaos.Gateway.Upstream;
using Microsoft.Extensions.DependencyInjection;

namespace Chaos.Mutants.Gateways;

/// <summary>Gateways that take an upstream service that says nothing for one that has said something.</summary>
internal static class BrokenUpstream
{
    internal static IReadOnlyList<GatewayMutant> All { get; } =
    [
        Silence("gateway.upstream-fails-open", "Lets everybody in while the upstream service does not answer.", takenFor: true),
        Silence("gateway.upstream-silence-is-no", "Tells clients for good that they may not, while the upstream service does not answer.", takenFor: false),
    ];

    private static GatewayMutant Silence(string name, string summary, bool takenFor) => new(name, summary, services =>
    {
        // A node without an upstream service has nothing to break.
        if (services.Any(s => s.ServiceType == typeof(IUpstreamAuthorization)))
            services.Wrap<IUpstreamAuthorization, HttpAuthorization>(reference => new Guessing(reference, takenFor));
    });

    private sealed class Guessing(HttpAuthorization reference, bool takenFor) : IUpstreamAuthorization
    {
        public async ValueTask<bool> AllowsAsync(ChannelRequest request)
        {
            try
            {
                return await reference.AllowsAsync(request);
            }
            catch (DependencyUnavailableException)
            {
                return takenFor;
            }
        }
    }
}
