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
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);

    /// <summary>Somebody gets a message.</summary>
    public void Add(string person, AlertmanagerMessage message)
    {
        lock (_lock)
        {
            foreach (var alert in message.Alerts)
            {
                var labels = new LabelSet(alert.Labels);
                if (alert.Status != "firing") _known.Remove(labels.Text);
                else if (_known.Add(labels.Text)) _told.Add(labels.Text);
                journal.Write(new AlertDelivered(labels["alertname"], labels["severity"], labels["team"], person, alert.Status,
                    alert.Labels.Where(l => !OfTheRule.Contains(l.Key)).ToDictionary(StringComparer.Ordinal), alert.Annotations?.GetValueOrDefault("runbook"),
                    Us(alert.StartsAt), alert.Status == "firing" ? null : Us(alert.EndsAt)) { At = clock.NowUs });
            }
        }
    }

    /// <summary>What is to be told, when these fire now. What begins or ends later is not waited for.</summary>
    public Outstanding Ask(IReadOnlyList<IReadOnlyDictionary<string, string>> firing)
    {
        lock (_lock)
        {
            var now = firing.Select(Text).ToHashSet(StringComparer.Ordinal);
            _told.Clear();
            return new Outstanding(this, [.. now.Except(_known)], [.. _known.Except(now)]);
        }
    }

    /// <summary>Whether some of these nobody has been told of are tickets, which may wait longer.</summary>
    public bool WaitForTickets(IReadOnlyList<IReadOnlyDictionary<string, string>> firing)
    {
        lock (_lock) return firing.Any(f => f.GetValueOrDefault("severity") == Severities.Ticket && !_known.Contains(Text(f)));
    }

    /// <summary>Messages that are still to come.</summary>
    /// <param name="all">All deliveries.</param>
    /// <param name="begun">What fires and nobody has been told of.</param>
    /// <param name="ended">What somebody was told of and fires no longer.</param>
    public sealed class Outstanding(AlertDeliveries all, IReadOnlyList<string> begun, IReadOnlyList<string> ended)
    {
        /// <summary>Whether they have come.</summary>
        public bool Came
        {
            get
            {
                lock (all._lock) return begun.All(all._told.Contains) && ended.All(e => !all._known.Contains(e) || all._told.Contains(e));
            }
        }
    }

    private static string Text(IReadOnlyDictionary<string, string> labels) => new LabelSet(labels).Text;

    private static long Us(DateTimeOffset moment) => (moment - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
