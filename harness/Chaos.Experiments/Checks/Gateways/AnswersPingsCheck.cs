using System.Globalization;
using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Checks.Options;
using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Checks.Gateways;

/// <summary>
/// Does the gateway answer WebSocket pings? RFC 6455, 5.5.2, makes it a duty, and clients that ping go by it. An answer to a later ping
/// counts for earlier ones too (5.5.3). Pings that a fault may have held back, and those that the connection or the window did not outlive,
/// are left out.
/// </summary>
internal sealed class AnswersPingsCheck() : Check("answers_pings", "The gateway answers every WebSocket ping of its clients within a time.",
    "pings that reached the proxy with no pong on the same connection in time, counted", WithinMs, MinPings)
{
    private static readonly NumberOption WithinMs = new("within_ms", "Longest time from a ping to a pong at the proxy, in milliseconds.", 1000, 1, 600_000);
    private static readonly NumberOption MinPings = new("min_pings", "Fewest pings.", 20, 1, 1e9, Whole: true);

    /// <inheritdoc />
    protected override Finding Judge(CheckContext context)
    {
        var link = context.Definition.Fleet.Link;
        var (frames, wire) = (new ControlFrames(context.Events, link), Wire.Of(context.Events, link));
        var within = WithinMs.Of(context);
        var withinUs = (long)(within * 1000);
        var end = Math.Min(context.Window.ToUs, Fleets.EndUs(context.Events));
        var faults = Faults(context.Events, link);
        long pings = 0, unanswered = 0, slowestUs = 0;
        foreach (var conn in frames.Connections("upstream", "ping").Where(c => wire.Owner(c) is not null))
        {
            var over = wire.Owner(conn)!.Closed.TryGetValue(conn, out var closed) ? Math.Min(closed.At, end) : end;
            foreach (var at in frames.Of(conn, "upstream", "ping"))
            {
                if (!context.Window.Contains(at) || at + withinUs > over || faults.Exists(f => f.FromUs <= at + withinUs && f.ToUs > at)) continue;
                pings++;
                if (frames.First(conn, "downstream", "pong", at) is { } pong && pong - at <= withinUs) slowestUs = Math.Max(slowestUs, pong - at);
                else unanswered++;
            }
        }

        if (pings < MinPings.Of(context))
            return Finding.Inconclusive($"clients sent {pings} pings that could be answered, {MinPings.Of(context)} are needed: lower fleet.policy.ping_interval_ms, lengthen the window, or use clients that ping, such as plain-websocket");
        var slowest = slowestUs / 1000.0;
        return Finding.ByMeasures(unanswered == 0
            ? string.Create(CultureInfo.InvariantCulture, $"all {pings} pings were answered, the slowest after {slowest:0.#} ms, limit {within:0} ms")
            : string.Create(CultureInfo.InvariantCulture, $"{unanswered} of {pings} pings were not answered within {within:0} ms; every endpoint must answer them (RFC 6455, 5.5.2)"),
            [new Measure("pings unanswered", unanswered, 0, "", pings, unanswered == 0, "="), new Measure("slowest answer", slowest, within, "ms", pings - unanswered, slowest <= within)]);
    }

    private static List<Window> Faults(IReadOnlyList<JournalEvent> events, string link)
    {
        var end = Fleets.EndUs(events);
        return [.. events.OfType<FaultOn>().Where(f => f.Link == link).Select(on =>
            new Window(on.At, events.OfType<FaultOff>().FirstOrDefault(off => off.Fault == on.Fault && off.Occurrence == on.Occurrence)?.At ?? end))];
    }
}
