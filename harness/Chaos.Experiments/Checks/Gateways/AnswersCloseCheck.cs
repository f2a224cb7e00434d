using System.Globalization;
using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Checks.Options;
using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Checks.Gateways;

/// <summary>
/// Does the gateway complete the closing handshake? A fault of type ws_close sends it a close frame, as a client does that leaves; RFC 6455,
/// 5.5.1, has it send one back. Judged at the proxy: from the frame that went to the gateway to the one that came from it.
/// </summary>
internal sealed class AnswersCloseCheck() : Check("answers_close", "The gateway answers a close frame with one of its own within a time.",
    "close frames that the proxy sent and that no close frame answered in time, counted", WithinMs, Fault, MinCloses)
{
    // The proxy waits no longer before it drops the connection.
    private static readonly NumberOption WithinMs = new("within_ms", "Longest time to the gateway's close frame, in milliseconds.", 900, 1, 1000);
    private static readonly TextOption Fault = new("fault", "Name of the ws_close in the timeline, with stream: upstream; the window's own by default.");
    private static readonly NumberOption MinCloses = new("min_closes", "Fewest close frames that must have been sent.", 20, 1, 9000, Whole: true);

    /// <inheritdoc />
    protected override Finding Judge(CheckContext context)
    {
        var name = Fleets.FaultOf(context, Fault.OrNull(context)) ?? throw new InvalidOperationException("Name the ws_close with the option fault, or judge during it.");
        var link = context.Definition.Fleet.Link;
        var (frames, wire) = (new ControlFrames(context.Events, link), Wire.Of(context.Events, link));
        var within = WithinMs.Of(context);
        // With its end the fault drops what it has closed, answered or not.
        var offs = context.Events.OfType<FaultOff>().Where(f => f.Fault == name).Select(f => f.At).ToList();
        var sent = context.Events.OfType<LedgerInjected>()
            .Where(i => i.Link == link && i is { Action: "closed", Stream: "upstream" } && Fleets.IsFault(i.Fault, name) && wire.Owner(i.Conn) is not null)
            .Where(i => !offs.Exists(off => off >= i.At && off < i.At + (within * 1000))).ToList();
        if (sent.Count < MinCloses.Of(context)) return Finding.Inconclusive($"{name} sent {sent.Count} close frames to the gateway long enough before its end, {MinCloses.Of(context)} are needed");
        double[] times = [.. sent.Select(i => frames.First(i.Conn, "downstream", "close", i.At) is { } at ? (at - i.At) / 1000.0 : double.PositiveInfinity)];
        var late = times.Count(t => t > within);
        var slowest = times.Where(t => t <= within).DefaultIfEmpty(0).Max();
        return Finding.ByMeasures(late == 0
            ? string.Create(CultureInfo.InvariantCulture, $"all {times.Length} close frames were answered with one, the slowest after {slowest:0.#} ms, limit {within:0} ms")
            : string.Create(CultureInfo.InvariantCulture, $"{late} of {times.Length} close frames were not answered with one within {within:0} ms; a peer that gets one must send one (RFC 6455, 5.5.1)"),
            [new Measure("closes unanswered", late, 0, "", times.Length, late == 0, "="), new Measure("slowest answer", slowest, within, "ms", times.Length - late, slowest <= within)]);
    }
}
