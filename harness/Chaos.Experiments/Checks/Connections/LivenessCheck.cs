using Chaos.Experiments.Checks.Backoff;
using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Checks.Options;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Statistics;
using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Checks.Connections;

/// <summary>Does every client whose connection went silent notice in time?</summary>
internal sealed class LivenessCheck() : Check("liveness",
    "A client whose connection is silently dead is on a new one within ping interval + slack + first backoff + 250 ms of the last byte it got.",
    "largest of all clients hit, none may be later", Slack, Fault, MinClients)
{
    private static readonly NumberOption Slack = new("slack_ms", "Allowance for dialling and scheduling, in milliseconds.", 250);
    private static readonly TextOption Fault = new("fault", "Name of the black hole in the timeline; the window's own by default.");
    private static readonly NumberOption MinClients = new("min_clients", "Fewest clients that the fault must have hit.", 20, 1, 9000, Whole: true);

    /// <inheritdoc />
    protected override Finding Judge(CheckContext context)
    {
        var name = Fleets.FaultOf(context, Fault.OrNull(context)) ?? throw new InvalidOperationException("Name the black hole with the option fault, or judge during it.");
        var fault = Fleets.Find(context.Definition, name) ?? throw new InvalidOperationException($"The timeline has no fault {name}.");
        var on = context.Events.OfType<FaultOn>().FirstOrDefault(f => f.Fault == name)?.At;
        if (on is not { } onUs) return Finding.Inconclusive($"{name} was never switched on");
        var offUs = context.Events.OfType<FaultOff>().FirstOrDefault(f => f.Fault == name)?.At ?? Fleets.EndUs(context.Events);
        var limitMs = LimitMs(context);
        var wire = Wire.Of(context.Events, context.Definition.Fleet.Link);
        var times = Hit(context, wire, name, onUs).Select(h => ElapsedMs(h.Client, h.Conn, onUs, fault)).ToList();
        if (times.Count < MinClients.Of(context)) return Finding.Inconclusive($"{name} hit {times.Count} live connections, {MinClients.Of(context)} are needed");
        if ((offUs - onUs) / 1000.0 < limitMs)
            return Finding.Inconclusive($"{name} lasted {(offUs - onUs) / 1000.0:0} ms, less than the {limitMs:0} ms that a client may take to notice");
        var late = times.Count(t => t > limitMs);
        var worst = times.Max();
        var p99 = Quantiles.Of([.. times.Order()], 0.99);
        var never = times.Count(double.IsPositiveInfinity);
        var sentence = late == 0
            ? $"all {times.Count} clients were on a new connection within {worst:0} ms of the last byte, limit {limitMs:0} ms"
            : $"{late} of {times.Count} clients were later than {limitMs:0} ms after the last byte{(never > 0 ? $"; {never} of them never noticed that the link was dead" : $"; the slowest took {worst:0} ms")}";
        return Finding.ByMeasures(sentence,
        [
            new Measure("slowest", worst, limitMs, "ms", times.Count, worst <= limitMs),
            new Measure("p99", p99, limitMs, "ms", times.Count, p99 <= limitMs),
        ]);
    }

    private static double LimitMs(CheckContext context)
    {
        var policy = context.Definition.Fleet.Policy;
        return GatewayPing.AnnouncedMs(context.Definition) + policy.PingSlackMs + DeclaredBackoff.Of(context.Definition.Fleet).UpperMs(0) + Slack.Of(context);
    }

    /// <summary>Connections that were up when the fault began and that it took hold of.</summary>
    private static IEnumerable<(ClientWire Client, long Conn)> Hit(CheckContext context, Wire wire, string name, long onUs)
    {
        var link = context.Definition.Fleet.Link;
        var conns = new SortedSet<long>();
        foreach (var entry in context.Events)
        {
            if (entry is LedgerRoll { Hit: true } roll && roll.Link == link && Fleets.IsFault(roll.Fault, name)) conns.Add(roll.Conn);
            if (entry is LedgerInjected injected && injected.Link == link && Fleets.IsFault(injected.Fault, name)) conns.Add(injected.Conn);
        }

        foreach (var conn in conns)
        {
            if (wire.Owner(conn) is not { } client) continue;
            var up = client.Handshakes.Any(h => h.Conn == conn && h.Status == 101 && h.At < onUs);
            var closedBefore = client.Closed.TryGetValue(conn, out var closed) && closed.At < onUs;
            if (up && !closedBefore) yield return (client, conn);
        }
    }

    /// <summary>From the last byte forwarded to the client to its next connection; infinite when it never came.</summary>
    private static double ElapsedMs(ClientWire client, long conn, long onUs, FaultDefinition fault)
    {
        if (client.NextAfter(conn) is not { } next) return double.PositiveInfinity;
        var last = client.Closed.TryGetValue(conn, out var closed) && closed.LastDownAt > 0 ? closed.LastDownAt : onUs;

        // Nothing gets down through the hole, so bytes after it began came after it ended: the client had not noticed by then.
        if (fault.Stream != "upstream") last = Math.Min(last, onUs);
        return (next - last) / 1000.0;
    }
}
