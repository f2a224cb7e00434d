using System.Globalization;
using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Checks.Options;
using Chaos.Experiments.Statistics;
using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Checks.Gateways;

/// <summary>
/// Does the gateway end connections from which it hears nothing any more? A black hole swallows what clients send, so the gateway's own
/// pings go unanswered. How patient a gateway is, nobody declares; how often it pings, the wire shows, and one that pings is to act on it.
/// Of one that never pings there is nothing to judge, unless it ends them all the same.
/// </summary>
internal sealed class EndsDeadConnectionsCheck() : Check("ends_dead_connections", "The gateway ends connections whose clients have gone silent, within some of its own ping intervals.",
    "time from the black hole to the gateway's end of each connection, the longest against pings × its median interval + slack", Fault, Pings, SlackMs, MinConnections)
{
    private static readonly TextOption Fault = new("fault", "Name of the black hole in the timeline, with stream: upstream; the window's own by default.");
    private static readonly NumberOption Pings = new("pings", "How many of its ping intervals the gateway may take.", 3, 1, 20);
    private static readonly NumberOption SlackMs = new("slack_ms", "Added for timers and the network, in milliseconds.", 1000, 0, 600_000);
    private static readonly NumberOption MinConnections = new("min_connections", "Fewest connections that the fault must have silenced.", 20, 1, 9000, Whole: true);

    /// <inheritdoc />
    protected override Finding Judge(CheckContext context)
    {
        var name = Fleets.FaultOf(context, Fault.OrNull(context)) ?? throw new InvalidOperationException("Name the black hole with the option fault, or judge during it.");
        if (context.Events.OfType<FaultOn>().FirstOrDefault(f => f.Fault == name)?.At is not { } on) return Finding.Inconclusive($"{name} was never switched on");
        var off = context.Events.OfType<FaultOff>().FirstOrDefault(f => f.Fault == name)?.At ?? Fleets.EndUs(context.Events);
        var link = context.Definition.Fleet.Link;
        var (frames, wire) = (new ControlFrames(context.Events, link), Wire.Of(context.Events, link));
        var silenced = Silenced(context.Events, wire, link, name, on);
        if (silenced.Count < MinConnections.Of(context)) return Finding.Inconclusive($"{name} silenced {silenced.Count} live connections, {MinConnections.Of(context)} are needed");
        double[] times = [.. silenced.Select(conn => EndedMs(frames, wire, conn, on, off))];
        var held = times.Count(double.IsPositiveInfinity);
        var lastedMs = (off - on) / 1000.0;
        var intervals = silenced.SelectMany(conn => Intervals(frames.Of(conn, "downstream", "ping"), on)).ToList();
        if (intervals.Count == 0)
        {
            return held == 0
                ? Finding.ByMeasures(string.Create(CultureInfo.InvariantCulture, $"the gateway ended all {times.Length} connections within {times.Max():0} ms of their silence"), [new Measure("connections held", 0, 0, "", times.Length, true, "=")])
                : Finding.Inconclusive(string.Create(CultureInfo.InvariantCulture, $"no connection got two pings of the gateway before {name}, so how soon it would notice cannot be told; it held {held} of {times.Length} silent connections for {lastedMs / 1000:0.#} s. If it pings, lengthen timeline.baseline to three of its intervals; if it does not, a client that vanishes stays connected for as long as TCP lets it"));
        }

        var interval = Moments.Median(intervals);
        var limit = (Pings.Of(context) * interval) + SlackMs.Of(context);
        if (held > 0 && lastedMs < limit)
            return Finding.Inconclusive(string.Create(CultureInfo.InvariantCulture, $"the gateway pings every {interval / 1000:0.#} s and may take {limit / 1000:0.#} s, but {name} lasted {lastedMs / 1000:0.#} s: lengthen it"));
        var late = times.Count(t => t > limit);
        var slowest = times.Max();
        return Finding.ByMeasures(late == 0
            ? string.Create(CultureInfo.InvariantCulture, $"the gateway, which pings every {interval / 1000:0.#} s, ended all {times.Length} silent connections within {slowest:0} ms, limit {limit:0} ms")
            : string.Create(CultureInfo.InvariantCulture, $"the gateway pings every {interval / 1000:0.#} s, but {late} of {times.Length} connections that answered no more were still open after {limit:0} ms{(held > 0 ? $", {held} of them to the end" : "")}"),
            [new Measure("slowest end", slowest, limit, "ms", times.Length, slowest <= limit), new Measure("connections held", late, 0, "", times.Length, late == 0, "=")]);
    }

    /// <summary>Connections that were open when the fault began, and from which it swallowed something.</summary>
    private static List<long> Silenced(IReadOnlyList<JournalEvent> events, Wire wire, string link, string name, long on) =>
        [.. events.OfType<LedgerInjected>().Where(i => i.Link == link && i.Stream == "upstream" && Fleets.IsFault(i.Fault, name)).Select(i => i.Conn).Distinct()
            .Where(conn => wire.Owner(conn) is { } client && client.Handshakes.Exists(h => h.Conn == conn && h.Status == 101 && h.At < on))];

    /// <summary>When the gateway ended a connection, by a close frame or the end of its stream; infinite when it had not by the end of the fault.</summary>
    private static double EndedMs(ControlFrames frames, Wire wire, long conn, long on, long off)
    {
        var close = frames.First(conn, "downstream", "close", on);
        var end = wire.Owner(conn)!.Closed.TryGetValue(conn, out var closed) && closed.By == "upstream" ? closed.At : (long?)null;
        var at = close is { } frame && (end is not { } over || frame < over) ? frame : end;
        return at is { } us && us <= off ? (us - on) / 1000.0 : double.PositiveInfinity;
    }

    private static IEnumerable<double> Intervals(IReadOnlyList<long> pings, long before)
    {
        for (var i = 1; i < pings.Count && pings[i] <= before; i++) yield return (pings[i] - pings[i - 1]) / 1000.0;
    }
}
