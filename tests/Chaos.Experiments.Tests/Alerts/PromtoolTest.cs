using System.Globalization;
using System.Text;
using Chaos.Experiments.Alerts.Conditions;
using Chaos.Experiments.Alerts.Definitions;
using Chaos.Experiments.Alerts.Evaluation;
using Chaos.Experiments.Alerts.Export;

namespace Chaos.Experiments.Tests.Alerts;

/// <summary>
/// Series as a file for <c>promtool test rules</c>, with what the evaluator makes of them as the expectation: at every evaluation, which label sets of
/// which alerts fire.
/// </summary>
internal sealed class PromtoolTest(AlertsDefinition alerts, double compress)
{
    private readonly List<string> _groups = [];

    /// <summary>Number of evaluations.</summary>
    public int Evaluations { get; private set; }

    /// <summary>At how many evaluations each alert fired, by its name.</summary>
    public Dictionary<string, int> Fired { get; } = alerts.Alerts.ToDictionary(a => a.Name, _ => 0);

    /// <summary>Adds series.</summary>
    /// <param name="series">Readings at multiples of the grid.</param>
    /// <param name="fromMs">The first evaluation; a multiple of the grid.</param>
    /// <param name="toMs">None after this.</param>
    /// <param name="gridMs">The grid.</param>
    public void Add(SeriesStore series, long fromMs, long toMs, int gridMs)
    {
        var read = alerts.Alerts.SelectMany(a => ConditionCatalogue.Expression(a, alerts.Job).Selectors).Select(s => s.Metric).ToHashSet();
        var text = new StringBuilder();
        text.Append("- interval: ").Append(gridMs).Append("ms\n  input_series:\n");
        foreach (var one in series.All.Where(s => read.Contains(s.Metric)))
            text.Append("  - series: '").Append(one.Metric).Append(one.Labels.Text).Append("'\n    values: '").Append(Values(one, fromMs, gridMs)).Append("'\n");
        text.Append("  alert_rule_test:\n");
        var step = (long)ConditionOptions.Compressed(alerts.Interval, compress).TotalMilliseconds;
        var changes = AlertEvaluator.Run(alerts, series, fromMs, toMs, compress).ToLookup(c => (c.AtMs, c.Alert.Name));
        var fire = alerts.Alerts.ToDictionary(a => a.Name, _ => new HashSet<string>());
        var labels = new Dictionary<string, Chaos.Experiments.Alerts.Expressions.LabelSet>();
        for (var at = fromMs; at <= toMs; at += step)
        {
            Evaluations++;
            foreach (var alert in alerts.Alerts)
            {
                foreach (var change in changes[(at, alert.Name)])
                {
                    labels[change.Labels.Text] = change.Labels;
                    if (change.State == AlertState.Firing) fire[alert.Name].Add(change.Labels.Text);
                    if (change.State == AlertState.Resolved) fire[alert.Name].Remove(change.Labels.Text);
                }

                Fired[alert.Name] += fire[alert.Name].Count > 0 ? 1 : 0;
                text.Append("  - eval_time: ").Append(at - fromMs).Append("ms\n    alertname: ").Append(alert.Name).Append("\n    exp_alerts:");
                if (fire[alert.Name].Count == 0) text.Append(" []");
                foreach (var firing in fire[alert.Name].Order(StringComparer.Ordinal)) Expect(text, alert, labels[firing]);
                text.Append('\n');
            }
        }

        _groups.Add(text.ToString());
    }

    /// <summary>Writes rules and test.</summary>
    /// <returns>Path of the test.</returns>
    public string Write(AlertFolder folder)
    {
        folder.Write("rules.yml", PrometheusRules.Text(alerts, compress));
        var step = ConditionOptions.Compressed(alerts.Interval, compress).TotalMilliseconds;
        return folder.Write("test.yml", string.Create(CultureInfo.InvariantCulture, $"rule_files: [rules.yml]\nevaluation_interval: {step}ms\ntests:\n{string.Concat(_groups)}"));
    }

    private static void Expect(StringBuilder text, AlertDefinition alert, Chaos.Experiments.Alerts.Expressions.LabelSet labels)
    {
        text.Append("\n    - exp_labels: { ");
        text.AppendJoin(", ", labels.All.Concat(PrometheusRules.Labels(alert)).Select(l => $"{l.Key}: {Chaos.Experiments.Alerts.Expressions.LabelSet.Quoted(l.Value)}"));
        text.Append(" }\n      exp_annotations: { ");
        text.AppendJoin(", ", PrometheusRules.Annotations(alert).Select(a => $"{a.Key}: {Chaos.Experiments.Alerts.Expressions.LabelSet.Quoted(a.Value)}"));
        text.Append(" }");
    }

    private static string Values(Series series, long fromMs, int gridMs)
    {
        var text = new StringBuilder();
        var next = 0L;
        foreach (var point in series.Points)
        {
            var slot = (point.AtMs - fromMs) / gridMs;
            Assert(point.AtMs >= fromMs && (point.AtMs - fromMs) % gridMs == 0, $"{series.Metric} has a reading off the grid, at {point.AtMs}");
            if (slot > next) text.Append("_x").Append(slot - next).Append(' ');
            text.Append(point.IsStale ? "stale" : point.Value.ToString("R", CultureInfo.InvariantCulture)).Append(' ');
            next = slot + 1;
        }

        return text.ToString().TrimEnd();
    }

    private static void Assert(bool holds, string message)
    {
        if (!holds) throw new InvalidOperationException(message);
    }
}
