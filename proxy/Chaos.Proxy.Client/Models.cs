using System.Text.Json.Nodes;

namespace Chaos.Proxy.Client;

/// <summary>A proxy to make.</summary>
/// <param name="Name">Unique name; also the name of the link.</param>
/// <param name="Listen">host:port; port 0 takes a free one.</param>
/// <param name="Upstream">host:port; of a list, separated by commas, connections take turns. host:port*3 takes three where others take one, *0 none; a stock Toxiproxy server knows neither.</param>
/// <param name="Enabled">It accepts connections.</param>
/// <param name="Kind">"tcp", "websocket" or "http"; null for the server's default (tcp), and for a stock Toxiproxy server.</param>
/// <param name="Region">Label of its connections in the ledger.</param>
/// <param name="Labels">Labels of its connections; targets name them as label.NAME. A stock Toxiproxy server ignores them.</param>
/// <param name="Toxics">Toxics that it starts with. A stock Toxiproxy server ignores them.</param>
/// <param name="Faults">Faults that it starts with. A stock Toxiproxy server ignores them.</param>
/// <param name="Tls">TLS towards clients; null for none. A stock Toxiproxy server ignores it.</param>
/// <param name="UpstreamTls">TLS towards upstreams; null for none. A stock Toxiproxy server ignores it.</param>
public sealed record ProxyRequest(string Name, string Listen, string Upstream, bool Enabled = true, string? Kind = null, string? Region = null,
    IReadOnlyDictionary<string, string>? Labels = null, IReadOnlyList<ToxicRequest>? Toxics = null, IReadOnlyList<FaultRequest>? Faults = null,
    ListenTls? Tls = null, UpstreamTls? UpstreamTls = null);

/// <summary>A proxy as the server has it.</summary>
/// <param name="Listen">The address it listens on, with the port that was chosen.</param>
/// <param name="Kind">What it understands of the traffic; null for "tcp", and from a stock Toxiproxy server.</param>
/// <param name="Tls">Its certificate; null where it talks in the clear.</param>
/// <param name="UpstreamTls">TLS towards upstreams; null for none.</param>
public sealed record ProxyInfo(string Name, string Listen, string Upstream, bool Enabled, IReadOnlyList<ToxicInfo>? Toxics, string? Kind,
    TlsInfo? Tls = null, UpstreamTls? UpstreamTls = null);

/// <summary>Changes to a proxy; null leaves a value as it is.</summary>
public sealed record ProxyUpdate(string? Listen = null, string? Upstream = null, bool? Enabled = null, ListenTls? Tls = null, UpstreamTls? UpstreamTls = null);

/// <summary>A toxic to make, in Toxiproxy's terms.</summary>
/// <param name="Name">Default: type_stream.</param>
/// <param name="Stream">"upstream" or "downstream" (default).</param>
/// <param name="Toxicity">Share of connections, 0 to 1 (default).</param>
public sealed record ToxicRequest(string Type, JsonObject? Attributes = null, string? Name = null, string? Stream = null, double? Toxicity = null);

/// <summary>A toxic as the server has it.</summary>
public sealed record ToxicInfo(string Name, string Type, string Stream, double Toxicity, JsonObject Attributes);

/// <summary>Changes to a toxic; attributes are merged.</summary>
public sealed record ToxicUpdate(JsonObject? Attributes = null, double? Toxicity = null);

/// <summary>A fault to put on a link.</summary>
/// <param name="Name">Unique on its link.</param>
/// <param name="Type">A type of the catalogue.</param>
/// <param name="Stream">"upstream", "downstream" or "both".</param>
/// <param name="Toxicity">Share of connections, 0 to 1.</param>
/// <param name="Attributes">As in the catalogue.</param>
/// <param name="LeaseMs">Milliseconds after which it is removed unless it is renewed; null for never.</param>
/// <param name="Target">Which connections and messages it takes hold of; null for all.</param>
public sealed record FaultRequest(string Name, string Type, string Stream = "downstream", double Toxicity = 1, JsonObject? Attributes = null, double? LeaseMs = null, JsonObject? Target = null);

/// <summary>A fault as the server has it.</summary>
/// <param name="Proxy">The link it is on.</param>
public sealed record FaultInfo(string Proxy, string Name, string Type, string Stream, double Toxicity, JsonObject Attributes, double? LeaseMs, JsonObject? Target = null);
