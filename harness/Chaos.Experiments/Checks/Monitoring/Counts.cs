using Chaos.Journal.Events;

namespace Chaos.Experiments.Checks.Monitoring;

/// <summary>Something happened, or stopped being so, that a gateway's metric should show.</summary>
/// <param name="AtUs">When the harness saw it.</param>
/// <param name="Class">Which of the metric's label sets it belongs to, in words; empty where there is but one.</param>
/// <param name="Delta">1, or −1 when it stopped.</param>
internal readonly record struct Seen(long AtUs, string Class, int Delta);

/// <summary>A count that gateway and harness make independently of each other.</summary>
/// <param name="Name">As in the option <c>count</c>.</param>
/// <param name="Metric">The gateway's metric.</param>
/// <param name="Witness">What the harness counts, in words.</param>
/// <param name="ClassOf">Class of a label set; null for label sets that do not belong to the count.</param>
/// <param name="See">The harness's own count.</param>
internal sealed record Count(string Name, string Metric, string Witness, Func<IReadOnlyDictionary<string, string>, string?> ClassOf, Func<CheckContext, IEnumerable<Seen>> See);

/// <summary>All such counts.</summary>
internal static class Counts
{
    public static IReadOnlyList<Count> All { get; } =
    [
        new("attempts", "chaos_connections_total", "handshakes that the proxy saw answered", _ => "", Handshakes(_ => true)),
        new("connected", "chaos_connections_total", "connect replies that clients got", l => Outcome(l) == "connected" ? "" : null, Connected),
        new("refused", "chaos_connections_total", "handshakes that the proxy saw refused",
            l => Outcome(l).StartsWith("refused_", StringComparison.Ordinal) ? "" : null, Handshakes(status => status != 101)),
        new("active", "chaos_connections_active", "WebSocket connections that the proxy has open", _ => "", Open),
        new("resumed", "chaos_resumes_total", "connect replies that continued a session", l => Outcome(l) == "resumed" ? "" : null,
            context => context.Events.OfType<ClientConnected>().Where(e => e.Resumed).Select(e => new Seen(e.At, "", 1))),
        new("errors", "chaos_errors_total", "error replies that clients and scripts got", l => $"{Label(l, "endpoint")} {Label(l, "code")}", ErrorReplies.Of),
    ];

    private static Func<CheckContext, IEnumerable<Seen>> Handshakes(Func<int, bool> counts) => context =>
        context.Events.OfType<LedgerHandshake>().Where(h => h is { By: "upstream", Status: not 0 } && counts(h.Status)).Select(h => new Seen(h.At, "", 1));

    private static IEnumerable<Seen> Connected(CheckContext context) =>
        context.Events.OfType<ClientConnected>().Select(e => new Seen(e.At, "", 1)).Concat(ErrorReplies.ConnectReplies(context));

    private static IEnumerable<Seen> Open(CheckContext context)
    {
        var open = new HashSet<(string Link, long Conn)>();
        foreach (var e in context.Events)
        {
            if (e is LedgerHandshake { By: "upstream", Status: 101 } h && open.Add((h.Link, h.Conn))) yield return new Seen(h.At, "", 1);
            if (e is LedgerClosed c && open.Remove((c.Link, c.Conn))) yield return new Seen(c.At, "", -1);
        }
    }

    private static string Outcome(IReadOnlyDictionary<string, string> labels) => Label(labels, "outcome");

    private static string Label(IReadOnlyDictionary<string, string> labels, string name) => labels.GetValueOrDefault(name) ?? "";
}
