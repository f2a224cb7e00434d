using Chaos.Experiments.Alerts.Definitions;
using Chaos.Experiments.Alerts.Evaluation;
using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Checks.Options;
using Chaos.Journal.Events;

namespace Chaos.Experiments.Checks.Alerts;

/// <summary>What the experiment's alerts did in its run.</summary>
/// <param name="Firings">Stretches of time in which they fired.</param>
/// <param name="Readings">Times at which metrics of nodes were read, in microseconds.</param>
/// <param name="EndUs">Until when they were evaluated.</param>
/// <param name="Statistic">How they were evaluated, where that is not over the readings.</param>
internal sealed record AlertEvidence(IReadOnlyList<Firing> Firings, IReadOnlyList<long> Readings, long EndUs, string? Statistic = null)
{
    /// <summary>How many seconds a second of the run stands for.</summary>
    public static NumberOption Compress { get; } = new("compress",
        "Seconds that a second of the run stands for: every duration of the alerts, and the time between evaluations, is divided by it. Counts and shares stay as they are.", 20, 1, 1000);

    /// <summary>What was delivered, where programs of their own did that; else evaluates them, from the first reading to the start of teardown. Null when there is nothing to evaluate.</summary>
    public static AlertEvidence? Of(CheckContext context, AlertsDefinition alerts)
    {
        var readings = context.Events.OfType<MetricsSampled>().Select(s => s.At).ToList();
        if (readings.Count == 0) return null;
        var end = Fleets.EndUs(context.Events);
        if (context.Events.OfType<AlertingStarted>().FirstOrDefault() is { } by)
            return new AlertEvidence(DeliveredAlerts.Firings(context.Events, alerts), readings, end, $"alerts as Prometheus {by.Prometheus} evaluated and Alertmanager {by.Alertmanager} delivered them");
        var changes = AlertEvaluator.Run(alerts, RecordedSeries.Of(context.Events, alerts.Job), readings[0] / 1000, end / 1000, Compress.Of(context));
        return new AlertEvidence(AlertEvaluator.Firings(changes), readings, end);
    }
}
