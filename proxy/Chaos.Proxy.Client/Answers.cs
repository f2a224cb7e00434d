using System.Text.Json.Nodes;

namespace Chaos.Proxy.Client;

/// <summary>A proxy with all that is known of it.</summary>
/// <param name="Faults">Toxics included.</param>
/// <param name="Connections">How many are open.</param>
/// <param name="BytesUp">Bytes delivered to upstreams since the proxy exists.</param>
/// <param name="BytesDown">Bytes delivered to clients since the proxy exists.</param>
/// <param name="Tls">Its certificate; null where it talks in the clear.</param>
/// <param name="UpstreamTls">TLS towards upstreams; null for none.</param>
public sealed record WholeProxy(string Name, string Kind, string Listen, string Upstream, bool Enabled, string? Region, IReadOnlyDictionary<string, string>? Labels,
    IReadOnlyList<FaultInfo> Faults, int Connections, long BytesUp, long BytesDown, TlsInfo? Tls = null, UpstreamTls? UpstreamTls = null);

/// <summary>An open connection.</summary>
/// <param name="Conn">Ordinal on its proxy, from 1.</param>
/// <param name="BytesUp">Bytes delivered to the upstream.</param>
/// <param name="BytesDown">Bytes delivered to the client.</param>
/// <param name="FramesUp">WebSocket frames delivered to the upstream; 0 for others.</param>
/// <param name="FramesDown">WebSocket frames delivered to the client; 0 for others.</param>
/// <param name="Faults">Names of the faults that hold it.</param>
public sealed record ConnectionInfo(long Conn, IReadOnlyDictionary<string, string> Labels, DateTimeOffset Since, long BytesUp, long BytesDown, long FramesUp, long FramesDown, IReadOnlyList<string> Faults);

/// <summary>What a fault would take hold of.</summary>
/// <param name="Open">Open connections of the proxy.</param>
/// <param name="WouldHit">Those that it would take hold of.</param>
/// <param name="ShareOfNew">Of those to come whose labels fit, before the caps.</param>
/// <param name="NewOnlyWith">Patterns that the labels of new ones must fit; null for none.</param>
/// <param name="NewAtMost">How many new ones at most; null for no limit.</param>
/// <param name="AtOnceAtMost">How many at once at most; null for no limit.</param>
public sealed record DryRun(FaultInfo Fault, int Open, IReadOnlyList<ConnectionName> WouldHit, double ShareOfNew, IReadOnlyDictionary<string, string>? NewOnlyWith, int? NewAtMost, int? AtOnceAtMost);

/// <summary>What it takes to know a connection.</summary>
/// <param name="Conn">Ordinal on its proxy, from 1.</param>
public sealed record ConnectionName(long Conn, IReadOnlyDictionary<string, string> Labels);

/// <summary>The stop button.</summary>
/// <param name="Halted">No fault is accepted.</param>
public sealed record HaltInfo(bool Halted, DateTimeOffset? Since, string? Reason);

/// <summary>What the whole proxy is doing.</summary>
/// <param name="Version">The version of Toxiproxy whose API this is.</param>
/// <param name="LedgerDropped">Ledger lines left out because the output was too slow.</param>
public sealed record StatusInfo(string Version, long Seed, HaltInfo Halt, int Proxies, int Connections, int Faults, long LedgerDropped);

/// <summary>What reading the configuration file again changed: names of proxies, and the number of faults on unchanged ones.</summary>
public sealed record ReloadInfo(IReadOnlyList<string> Added, IReadOnlyList<string> Replaced, IReadOnlyList<string> Removed, IReadOnlyList<string> Unchanged, int Faults);

/// <summary>A line of the ledger.</summary>
/// <param name="Kind">Such as <c>ledger.closed</c>.</param>
/// <param name="Id">Ordinal of the line; null for a line that is not in the ledger, such as <c>ledger.lost</c>.</param>
public sealed record LedgerLine(string Kind, long? Id, JsonObject Json);
