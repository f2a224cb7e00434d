using Chaos.Journal.Events;

namespace Chaos.Experiments.Checks.Evidence;

/// <summary>What the proxy reports of WebSocket connections, and who they are established with.</summary>
internal static class WireMetrics
{
    public const string Handshakes = "chaos_proxy_handshakes_total";
    public const string Active = "chaos_proxy_upstream_connections_active";
    public const string Reconnects = "chaos_proxy_reconnects_total";
    public const string Disconnects = "chaos_proxy_disconnects_total";
    public const string RoundTrips = "chaos_proxy_rtt_seconds_bucket";

    /// <summary>Part under which they are sampled.</summary>
    public const string Part = "proxy";

    private static readonly string[] Names = [Handshakes, Active, Reconnects, Disconnects, RoundTrips];

    /// <summary>Whether a series, by its name with labels, is one of them.</summary>
    public static bool Has(string series) => Names.Any(n => series.StartsWith(n, StringComparison.Ordinal));

    /// <summary>Names of gateway processes by the address that they listen on.</summary>
    public static IReadOnlyDictionary<string, string> NodesByAddress(IEnumerable<JournalEvent> events) =>
        events.OfType<PartStarted>().Where(p => p.Role == "gateway").GroupBy(p => p.Address, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Last().Name, StringComparer.Ordinal);
}
