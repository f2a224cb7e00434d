using Chaos.Experiments.Alerts.Conditions;
using Chaos.Experiments.Alerts.Definitions;
using Chaos.Experiments.Alerts.Expressions;

namespace Chaos.Experiments.Alerts.Evaluation;

/// <summary>
/// Evaluates alerts over series as Prometheus' rule manager does (rules/alerting.go): at each evaluation a label set whose condition holds is
/// pending, fires once it has held for the hold time, and is resolved at the first evaluation at which it no longer holds – later by
/// <c>keep_firing_for</c>. A pure function of its arguments.
/// </summary>
internal static class AlertEvaluator
{
    /// <summary>Changes of all alerts, in order of time.</summary>
    /// <param name="alerts">The alerts.</param>
    /// <param name="series">What was recorded.</param>
    /// <param name="fromMs">The first evaluation.</param>
    /// <param name="toMs">None after this.</param>
    /// <param name="compress">What every duration is divided by, the time between evaluations among them: a second of the run stands for so many.</param>
    public static IReadOnlyList<AlertChange> Run(AlertsDefinition alerts, SeriesStore series, long fromMs, long toMs, double compress = 1) =>
        new Rounds(alerts, fromMs, compress).Until(series, toMs);

    /// <summary>Stretches of time in which alerts fired, in order of their starts. Label sets that fire together are one.</summary>
    public static IReadOnlyList<Firing> Firings(IEnumerable<AlertChange> changes)
    {
        var all = new List<Firing>();
        foreach (var alert in changes.GroupBy(c => c.Alert.Name))
        {
            var (on, labels) = (new HashSet<LabelSet>(), new List<LabelSet>());
            var since = 0L;
            foreach (var change in alert)
            {
                if (change.State == AlertState.Firing)
                {
                    if (on.Count == 0) (since, labels) = (change.AtMs, []);
                    on.Add(change.Labels);
                    if (!labels.Contains(change.Labels)) labels.Add(change.Labels);
                }
                else if (change.State == AlertState.Resolved && on.Remove(change.Labels) && on.Count == 0) all.Add(new Firing(change.Alert, since, change.AtMs, labels));
            }

            if (on.Count > 0) all.Add(new Firing(alert.First().Alert, since, null, labels));
        }

        return [.. all.OrderBy(f => f.FromMs).ThenBy(f => f.Alert.Name, StringComparer.Ordinal)];
    }

    /// <summary>Evaluations one after another, each call going on where the one before left off: for a run that goes on too.</summary>
    /// <param name="alerts">The alerts.</param>
    /// <param name="fromMs">The first evaluation.</param>
    /// <param name="compress">What every duration is divided by.</param>
    internal sealed class Rounds(AlertsDefinition alerts, long fromMs, double compress)
    {
        private readonly long _stepMs = Math.Max(1, (long)ConditionOptions.Compressed(alerts.Interval, compress).TotalMilliseconds);
        private readonly List<Rule> _rules = [.. alerts.Alerts.Select(a => new Rule(a, ConditionCatalogue.Expression(a, alerts.Job, compress), compress))];

        /// <summary>When the next evaluation is due.</summary>
        public long NextMs { get; private set; } = fromMs;

        /// <summary>The evaluations up to a moment, it included.</summary>
        /// <returns>Changes of all alerts in them, in order of time.</returns>
        public IReadOnlyList<AlertChange> Until(SeriesStore series, long toMs)
        {
            var changes = new List<AlertChange>();
            for (; NextMs <= toMs; NextMs += _stepMs)
            {
                foreach (var rule in _rules) rule.Evaluate(series, NextMs, changes);
            }

            return changes;
        }
    }

    private sealed class Rule(AlertDefinition alert, Expression expression, double compress)
    {
        private readonly long _holdMs = Ms(alert.For, compress);
        private readonly long _keepMs = Ms(alert.KeepFiringFor, compress);
        private readonly SortedDictionary<string, Active> _active = new(StringComparer.Ordinal);

        public void Evaluate(SeriesStore series, long atMs, List<AlertChange> changes)
        {
            var holds = expression.At(series, atMs).ToDictionary(s => s.Labels.Text);
            foreach (var (text, sample) in holds.OrderBy(h => h.Key, StringComparer.Ordinal))
            {
                if (_active.TryGetValue(text, out var known))
                {
                    (known.Value, known.EndingMs) = (sample.Value, null);
                    continue;
                }

                _active[text] = new Active(sample.Labels, atMs) { Value = sample.Value };
                changes.Add(new AlertChange(atMs, alert, sample.Labels, AlertState.Pending, sample.Value));
            }

            foreach (var (text, active) in _active.ToList())
            {
                if (!holds.ContainsKey(text) && !Keeps(active, atMs))
                {
                    _active.Remove(text);
                    changes.Add(new AlertChange(atMs, alert, active.Labels, active.Fires ? AlertState.Resolved : AlertState.Dropped, active.Value));
                }
                else if (!active.Fires && atMs - active.SinceMs >= _holdMs)
                {
                    active.Fires = true;
                    changes.Add(new AlertChange(atMs, alert, active.Labels, AlertState.Firing, active.Value));
                }
            }
        }

        private bool Keeps(Active active, long atMs)
        {
            if (!active.Fires || _keepMs == 0) return false;
            active.EndingMs ??= atMs;
            return atMs - active.EndingMs < _keepMs;
        }

        private static long Ms(TimeSpan duration, double compress) => (long)ConditionOptions.Compressed(duration, compress).TotalMilliseconds;
    }

    private sealed class Active(LabelSet labels, long sinceMs)
    {
        public LabelSet Labels => labels;

        public long SinceMs => sinceMs;

        public double Value { get; set; }

        public bool Fires { get; set; }

        /// <summary>Since when the condition no longer holds though it fires on.</summary>
        public long? EndingMs { get; set; }
    }
}
