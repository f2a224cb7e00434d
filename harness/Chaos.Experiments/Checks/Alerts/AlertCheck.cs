using System.Globalization;
using Chaos.Experiments.Alerts.Definitions;
using Chaos.Experiments.Alerts.Evaluation;
using Chaos.Experiments.Alerts.OnCall;
using Chaos.Experiments.Checks.Options;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Files;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Checks.Alerts;

/// <summary>
/// Does an alert tell of a fault: within its promise, once, to whoever is on call at that moment, and no longer once the fault is over? The
/// window is the fault's. The alert is evaluated over the metrics that the journal holds, as Prometheus evaluates the exported rule; or it is judged by what a
/// Prometheus and an Alertmanager delivered, where the run had them.
/// </summary>
internal sealed class AlertCheck() : Check("alert", "An alert fires within its promise, once, reaches whoever is on call at that moment, and is resolved after the fault.",
    "alert evaluated over the sampled metrics: times it fired, time to fire from the fault's start, time to resolve from its end", Which, AlertEvidence.Compress, WithinMs, ResolvesMs, Stands, To)
{
    private static readonly TextOption Which = new("alert", "Name of the alert, as in the file of alerts.", IsRequired: true);
    private static readonly NumberOption WithinMs = new("within_ms", "Time in which it must fire, from the window's start; the alert's own promise, compressed, by default.", null, 1, 3_600_000);
    private static readonly NumberOption ResolvesMs = new("resolves_ms",
        "Time in which it must be resolved, from the window's end; the longest window of its condition, what it keeps firing for and four evaluations, compressed, by default.", null, 1, 3_600_000);
    private static readonly TextOption Stands = new("clock",
        "Moment that the window's start stands for, such as 2026-03-30T08:58+02:00, to judge across a handover; when it was run by default. Time after it counts uncompressed.");
    private static readonly TextOption To = new("to", "Name of the person who must get it; whoever is on call then by default.");

    /// <inheritdoc />
    public override bool NeedsAlerts => true;

    /// <summary>The moment that the start of an expectation's window stands for; null where it says nothing of that.</summary>
    public static DateTimeOffset? Clock(ExpectationDefinition expectation) =>
        Stands.OrNull(expectation) is { } text ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture) : null;

    /// <inheritdoc />
    protected override Finding Judge(CheckContext context)
    {
        if (context.Definition.Alerts is not { } owned) return Finding.Inconclusive("the experiment has no file of alerts");
        var alert = owned.Alerts.Alerts.FirstOrDefault(a => a.Name == Which.Of(context)) ?? throw new InvalidOperationException($"There is no alert named {Which.Of(context)}.");
        if (AlertEvidence.Of(context, owned.Alerts with { Alerts = [alert] }) is not { } evidence) return Finding.Inconclusive("no metric of the gateway was read");
        var (from, to) = (context.Window.FromUs / 1000, context.Window.ToUs / 1000);
        var resolves = ResolvesMs.OrNull(context) ?? DefaultResolveMs(alert, owned.Alerts.Interval) / AlertEvidence.Compress.Of(context);
        var fired = evidence.Firings.Where(f => (f.ToMs ?? long.MaxValue) > from && f.FromMs <= to + resolves).ToList();
        var within = WithinMs.OrNull(context) ?? alert.Within.TotalMilliseconds / AlertEvidence.Compress.Of(context);
        if (fired.Count == 0 && evidence.EndUs / 1000.0 < from + within)
            return Finding.Inconclusive(string.Create(CultureInfo.InvariantCulture, $"{alert.Name} may fire {within / 1000:0.#} s after the start, and the run ended before: lengthen it"));
        var count = new Measure("fired", fired.Count, 1, "", evidence.Readings.Count, fired.Count == 1, "=");
        if (fired.Count == 0) return Finding.ByMeasures($"{alert.Name} did not fire", [count], evidence.Statistic);
        var first = fired[0];
        if (first.ToMs is null && evidence.EndUs / 1000.0 < to + resolves)
            return Finding.Inconclusive(string.Create(CultureInfo.InvariantCulture, $"{alert.Name} fires until the run ends; it may do so for {resolves / 1000:0.#} s after the fault: lengthen the recovery"));
        return Judge(context, owned.OnCall, alert, fired, count, evidence.Statistic, first.FromMs - from, within, (first.ToMs ?? (evidence.EndUs / 1000)) - to, resolves);
    }

    private static Finding Judge(CheckContext context, OnCallDefinition onCall, AlertDefinition alert, List<Firing> fired, Measure count, string? statistic, double tookMs, double withinMs, double resolvedMs, double resolvesMs)
    {
        var moment = Moment(context, tookMs, fired[0].FromMs);
        var owner = Owners.Of(onCall.Teams.First(t => t.Name == alert.Team), moment).Who;
        // Where it was delivered, whoever was told first got it; otherwise it is sent to whoever is on call.
        var got = fired[0].Told is { } told ? told.Count > 0 ? told[0] : null : owner;
        var routed = got is not null && got == (To.OrNull(context) ?? owner);
        Measure[] measures =
        [
            // One that fires before its cause tells of something else.
            new Measure("time to fire", tookMs, withinMs, "ms", count.Sample, tookMs >= 0 && tookMs <= withinMs), count,
            new Measure("time to resolve", resolvedMs, resolvesMs, "ms", count.Sample, fired[0].ToMs is not null && resolvedMs <= resolvesMs),
            new Measure("right owner", routed ? 1 : 0, 1, "", 1, routed, "="),
        ];
        var problem = tookMs < 0 ? "fired already when the fault began"
            : fired.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $"fired {fired.Count} times, at {string.Join(", ", fired.Select(f => $"{(f.FromMs - fired[0].FromMs + tookMs) / 1000:0.0}"))} s")
            : string.Create(CultureInfo.InvariantCulture, $"fired after {tookMs / 1000:0.0} s, promised within {withinMs / 1000:0.0} s");
        var end = fired[0].ToMs is null ? "was not resolved" : string.Create(CultureInfo.InvariantCulture, $"was resolved {resolvedMs / 1000:0.0} s after the fault, limit {resolvesMs / 1000:0.0} s");
        var who = $"went to {got ?? "nobody"} of {alert.Team}{(routed ? "" : (To.OrNull(context) ?? owner) is { } other ? $", not to {other}," : "")} as of {moment.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture)}";
        return Finding.ByMeasures($"{alert.Name} {problem}, {end}, and {who}", measures, statistic);
    }

    private static DateTimeOffset Moment(CheckContext context, double tookMs, long firedMs) => Clock(context.Expectation) is { } start
        ? start.AddMilliseconds(tookMs * AlertEvidence.Compress.Of(context))
        : DateTimeOffset.FromUnixTimeMilliseconds(firedMs);

    private static double DefaultResolveMs(AlertDefinition alert, TimeSpan interval) =>
        (alert.Options.Select(o => Durations.TryParse(o.Value is System.Text.Json.Nodes.JsonValue v && v.TryGetValue<string>(out var text) ? text : null, out var window) ? window : TimeSpan.Zero)
            .Append(TimeSpan.Zero).Max() + alert.KeepFiringFor + (4 * interval)).TotalMilliseconds;
}
