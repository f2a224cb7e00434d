using Chaos.Proxy.Links;
using Chaos.Proxy.Tls;

namespace Chaos.Proxy.Control;

/// <summary>What a proxy is made from.</summary>
/// <param name="Listen">host:port; port 0 takes a free one.</param>
/// <param name="Upstream">host:port, or a comma-separated list, each with a weight or without: host:port*3.</param>
/// <param name="Region">Label of its connections.</param>
internal sealed record ProxySettings(string Name, string Listen, string Upstream, ProxyKind Kind, string? Region)
{
    /// <summary>TLS towards clients; null for none.</summary>
    public ListenTls? Tls { get; init; }

    /// <summary>TLS towards upstreams; null for none.</summary>
    public UpstreamTls? UpstreamTls { get; init; }

    /// <summary>Labels of all its connections; targets name them as label.NAME.</summary>
    public ProxyLabels Labels { get; init; } = ProxyLabels.None;

    /// <summary>What the ledger and targets get to see: the region and the labels.</summary>
    public IReadOnlyDictionary<string, string> LinkLabels
    {
        get
        {
            var labels = Labels.ToDictionary(label => $"label.{label.Key}", label => label.Value, StringComparer.Ordinal);
            if (Region is not null) labels["region"] = Region;
            return labels;
        }
    }
}
