using System.Globalization;
using Chaos.Experiments.Alerts.Definitions;
using Chaos.Experiments.Checks.Options;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Checks.Alerts;

/// <summary>Does a time in which nothing is wrong wake nobody? Every alert of that severity is evaluated, and none may fire in the window.</summary>
internal sealed class PagesNobodyCheck() : Check("pages_nobody", "No alert fires in the window: what is healthy wakes nobody.",
    "alerts evaluated over the sampled metrics: number that fired in the window", AlertEvidence.Compress, Severity, MinReadings)
{
    private static readonly TextOption Severity = new("severity", "Severity of the alerts that may not fire.", Severities.Page, Severities.All);
    private static readonly NumberOption MinReadings = new("min_readings", "Fewest readings of metrics in the window.", 10, 1, 1e6, Whole: true);

    /// <inheritdoc />
    public override bool NeedsAlerts => true;

    /// <inheritdoc />
    protected override Finding Judge(CheckContext context)
    {
        if (context.Definition.Alerts is not { } owned) return Finding.Inconclusive("the experiment has no file of alerts");
        var alerts = owned.Alerts with { Alerts = [.. owned.Alerts.Alerts.Where(a => a.Severity == Severity.Of(context))] };
        var evidence = AlertEvidence.Of(context, alerts);
        var readings = evidence?.Readings.Count(r => context.Window.Contains(r)) ?? 0;
        // Without readings an alert on missing data fires, and the others do not: the first is a finding, the second is none.
        var fired = evidence?.Firings.Where(f => f.FromMs * 1000 < context.Window.ToUs && (f.ToMs is not { } to || to * 1000 > context.Window.FromUs)).ToList() ?? [];
        if (fired.Count == 0 && (readings < MinReadings.Of(context) || alerts.Alerts.Count == 0))
            return Finding.Inconclusive($"metrics were read {readings} times in the window and {alerts.Alerts.Count} alerts evaluated; {MinReadings.Of(context)} readings are needed");
        var seconds = context.Window.Length.TotalSeconds * AlertEvidence.Compress.Of(context);
        return Finding.ByMeasures(
            fired.Count == 0
                ? string.Create(CultureInfo.InvariantCulture, $"none of {alerts.Alerts.Count} alerts fired in a time that stands for {seconds / 60:0.#} minutes")
                : $"fired though nothing should: {string.Join(", ", fired.Select(f => f.Alert.Name).Distinct())}",
            [new Measure("alerts", fired.Count, 0, "", readings, fired.Count == 0, "=")], evidence?.Statistic);
    }
}
