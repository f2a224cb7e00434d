using System.Globalization;
using Chaos.Experiments.Checks.Evidence;

namespace Chaos.Experiments.Checks.Monitoring;

/// <summary>A count that both gateway and proxy report.</summary>
/// <param name="Name">As in the option <c>of</c>.</param>
/// <param name="Gateway">The gateway's value by class, from one reading of one node.</param>
/// <param name="Proxy">The proxy's value by class.</param>
internal sealed record WireCount(string Name, Func<Reported, IEnumerable<(string Class, double Value)>> Gateway, Func<Reported, IEnumerable<(string Class, double Value)>> Proxy);

/// <summary>One reading of a part.</summary>
/// <param name="Part">The part.</param>
/// <param name="Values">What it reported.</param>
/// <param name="Nodes">Names of nodes by address.</param>
internal sealed record Reported(string Part, IReadOnlyDictionary<string, double> Values, IReadOnlyDictionary<string, string> Nodes)
{
    /// <summary>Label sets and values of a metric.</summary>
    public IEnumerable<(IReadOnlyDictionary<string, string> Labels, double Value)> Of(string metric) => Metrics.Values(Values, metric);
}

/// <summary>All such counts.</summary>
internal static class WireCounts
{
    public static IReadOnlyList<WireCount> All { get; } =
    [
        new("successes", // Of all attempts, those that succeeded: both are compared, and so their ratio.
            r => r.Of("chaos_connections_total").SelectMany(v => Success(v.Labels["outcome"] == "connected", v.Value)),
            r => Answered(r).SelectMany(v => Success(v.Labels["status"] == "101", v.Value))),
        new("active",
            r => r.Of("chaos_connections_active").Select(v => (r.Part, v.Value)),
            r => r.Of(WireMetrics.Active).Select(v => (r.Nodes.GetValueOrDefault(v.Labels["upstream"]) ?? v.Labels["upstream"], v.Value))),
        new("reconnects",
            r => r.Of("chaos_resumes_total").Where(v => v.Labels["outcome"] == "resumed").Select(v => ("reconnects", v.Value)),
            r => r.Of(WireMetrics.Reconnects).Select(v => ("reconnects", v.Value))),
        new("refusals",
            r => r.Of("chaos_connections_total").Where(v => v.Labels["outcome"].StartsWith("refused_", StringComparison.Ordinal)).Select(v => ("refused handshakes", v.Value)),
            r => Answered(r).Where(v => int.Parse(v.Labels["status"], CultureInfo.InvariantCulture) >= 400).Select(v => ("refused handshakes", v.Value))),
        new("disconnects",
            r => r.Of("chaos_disconnects_total").Select(v => (v.Labels["code"], v.Value)),
            r => r.Of(WireMetrics.Disconnects).Select(v => (v.Labels["code"], v.Value))),
    ];

    private static IEnumerable<(string, double)> Success(bool succeeded, double value) => succeeded ? [("attempts", value), ("successes", value)] : [("attempts", value)];

    // What a fault answered, or cut off before an answer, the gateway knows nothing of.
    private static IEnumerable<(IReadOnlyDictionary<string, string> Labels, double Value)> Answered(Reported r) =>
        r.Of(WireMetrics.Handshakes).Where(v => v.Labels["by"] == "upstream" && v.Labels["status"] != "0");
}
