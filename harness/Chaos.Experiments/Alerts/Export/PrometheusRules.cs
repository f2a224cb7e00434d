using Chaos.Experiments.Alerts.Conditions;
using Chaos.Experiments.Alerts.Definitions;
using Chaos.Experiments.Alerts.Expressions;

namespace Chaos.Experiments.Alerts.Export;

/// <summary>Alerts as a file of rules for Prometheus.</summary>
internal static class PrometheusRules
{
    /// <summary>Name of the group.</summary>
    public const string Group = "chaos";

    /// <summary>The file's text.</summary>
    /// <param name="alerts">The alerts.</param>
    /// <param name="compress">What every duration is divided by, for a run in which a minute stands for many.</param>
    public static string Text(AlertsDefinition alerts, double compress = 1) => YamlText.Of(new
    {
        groups = new[]
        {
            new { name = Group, interval = Short(alerts.Interval, compress), rules = alerts.Alerts.Select(a => Rule(a, alerts.Job, compress)).ToArray() },
        },
    });

    /// <summary>Labels of an alert beside those of its values.</summary>
    public static IReadOnlyDictionary<string, string> Labels(AlertDefinition alert) =>
        new SortedDictionary<string, string>(StringComparer.Ordinal) { ["severity"] = alert.Severity, ["team"] = alert.Team };

    /// <summary>What it says to whoever gets it.</summary>
    public static IReadOnlyDictionary<string, string> Annotations(AlertDefinition alert) =>
        new SortedDictionary<string, string>(StringComparer.Ordinal) { ["runbook"] = alert.Runbook, ["summary"] = alert.Title };

    // Who is on call is no label: an alert that fires across a handover would be another one after it.
    private static object Rule(AlertDefinition alert, string job, double compress) => new
    {
        alert = alert.Name,
        expr = ConditionCatalogue.Expression(alert, job, compress).Text,
        @for = Short(alert.For, compress),
        keep_firing_for = alert.KeepFiringFor > TimeSpan.Zero ? Short(alert.KeepFiringFor, compress) : null,
        labels = Labels(alert),
        annotations = Annotations(alert),
    };

    private static string Short(TimeSpan duration, double compress) => Expression.Duration(ConditionOptions.Compressed(duration, compress));
}
