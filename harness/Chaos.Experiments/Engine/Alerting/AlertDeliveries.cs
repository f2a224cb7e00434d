using Chaos.Experiments.Alerts.Definitions;
using Chaos.Experiments.Alerts.Expressions;
using Chaos.Journal;
using Chaos.Journal.Events;
using Chaos.Journal.IO;

namespace Chaos.Experiments.Engine.Alerting;

/// <summary>What people were told, into the journal, and what they know by now.</summary>
internal sealed class AlertDeliveries(IJournal journal, Clock clock)
{
    private static readonly string[] OfTheRule = ["alertname", "severity", "team"];

    private readonly Lock _lock = new();
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>Somebody gets a message.</summary>
    public void Add(string person, AlertmanagerMessage message)
    {
        lock (_lock)
        {
            foreach (var alert in message.Alerts)
            {
                var labels = new LabelSet(alert.Labels);
                if (alert.Status == "firing") _known.Add(labels.Text);
                else _known.Remove(labels.Text);
                journal.Write(new AlertDelivered(labels["alertname"], labels["severity"], labels["team"], person, alert.Status,
                    alert.Labels.Where(l => !OfTheRule.Contains(l.Key)).ToDictionary(StringComparer.Ordinal), alert.Annotations?.GetValueOrDefault("runbook"),
                    Us(alert.StartsAt), alert.Status == "firing" ? null : Us(alert.EndsAt)) { At = clock.NowUs });
            }
        }
    }

    /// <summary>Whether somebody has been told of each of these, and knows the end of every other.</summary>
    public bool Cover(IReadOnlyList<IReadOnlyDictionary<string, string>> firing)
    {
        lock (_lock) return _known.SetEquals(firing.Select(Text));
    }

    /// <summary>Whether some of these nobody has been told of are tickets, which may wait longer.</summary>
    public bool WaitForTickets(IReadOnlyList<IReadOnlyDictionary<string, string>> firing)
    {
        lock (_lock) return firing.Any(f => f.GetValueOrDefault("severity") == Severities.Ticket && !_known.Contains(Text(f)));
    }

    private static string Text(IReadOnlyDictionary<string, string> labels) => new LabelSet(labels).Text;

    private static long Us(DateTimeOffset moment) => (moment - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
