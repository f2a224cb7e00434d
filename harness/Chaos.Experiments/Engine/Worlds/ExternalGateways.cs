using Chaos.Experiments.Definitions;
using Chaos.Experiments.Engine.Processes;
using Chaos.Proxy.Client;

namespace Chaos.Experiments.Engine.Worlds;

/// <summary>The gateways of a world that run already, each behind its clients' link.</summary>
internal sealed class ExternalGateways(WorldDefinition world)
{
    private readonly Dictionary<string, ExternalGatewayDefinition> _byLink = world.Regions.Where(r => r.External is not null)
        .ToDictionary(r => LinkNames.Clients(r.Name), r => r.External!, StringComparer.Ordinal);

    /// <summary>The gateway behind a link; null where the world starts its own.</summary>
    public ExternalGatewayDefinition? Behind(string link) => _byLink.GetValueOrDefault(link);

    /// <summary>Where clients of a link connect, through the proxy; null where the gateway is the world's own.</summary>
    /// <param name="link">The link.</param>
    /// <param name="proxy">Where the proxy listens for it.</param>
    public Uri? Through(string link, Uri proxy) => Behind(link) is { Address: { } address } ? new Uri($"ws://{proxy.Authority}{address.PathAndQuery}") : null;

    /// <summary>host:port of a gateway.</summary>
    /// <exception cref="WorldException">Nobody has said where it is.</exception>
    public static string Target(ExternalGatewayDefinition gateway) => gateway.Target ?? throw new WorldException("the gateway's address is not known: say with --gateway where it is");

    /// <summary>TLS between proxy and gateway; null for none.</summary>
    public static UpstreamTls? Tls(ExternalGatewayDefinition gateway) => gateway.Address?.Scheme != "wss" ? null
        : gateway.Tls is { } tls ? new UpstreamTls(tls.ServerName, tls.Verify, tls.Ca is { } ca ? Path.GetFullPath(ca) : null) : new UpstreamTls();
}
