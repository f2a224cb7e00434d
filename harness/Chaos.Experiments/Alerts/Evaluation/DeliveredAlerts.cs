using Chaos.Experiments.Alerts.Definitions;
using Chaos.Experiments.Alerts.Expressions;
using Chaos.Journal.Events;

namespace Chaos.Experiments.Alerts.Evaluation;

/// <summary>Reads from what people were told when alerts fired. An alert that nobody was told of did not fire for anybody.</summary>
internal static class DeliveredAlerts
{
    /// <summary>Stretches of time in which alerts fired, in order of their starts; label sets that fire together are one.</summary>
    /// <param name="events">Events of one experiment.</param>
    /// <param name="alerts">The alerts that are asked for.</param>
    public static IReadOnlyList<Firing> Firings(IReadOnlyList<JournalEvent> events, AlertsDefinition alerts)
    {
        var delivered = events.OfType<AlertDelivered>().ToList();
        var changes = new List<AlertChange>();
        foreach (var alert in alerts.Alerts)
        {
            // A message may come again, and to several people; one start of one label set is one firing.
            foreach (var one in delivered.Where(d => d.Alert == alert.Name).GroupBy(d => (new LabelSet(d.Labels).Text, d.StartsAt)))
            {
                var labels = new LabelSet(one.First().Labels);
                changes.Add(new AlertChange(one.Key.StartsAt / 1000, alert, labels, AlertState.Firing, double.NaN));
                if (one.LastOrDefault(d => d.EndsAt is not null)?.EndsAt is { } end) changes.Add(new AlertChange(end / 1000, alert, labels, AlertState.Resolved, double.NaN));
            }
        }

        return [.. AlertEvaluator.Firings(changes.OrderBy(c => c.AtMs).ThenBy(c => c.State == AlertState.Firing)).Select(f => f with { Told = Told(f, delivered) })];
    }

    private static IReadOnlyList<string> Told(Firing firing, List<AlertDelivered> delivered) =>
        [.. delivered.Where(d => d.Alert == firing.Alert.Name && d.Status == "firing" && d.StartsAt / 1000 >= firing.FromMs && (firing.ToMs is not { } to || d.StartsAt / 1000 <= to)).OrderBy(d => d.At).Select(d => d.To)];
}
