namespace Chaos.Journal.Events;

// Written where programs of their own evaluate and deliver alerts. Without these lines alerts are evaluated over the readings of metrics.

/// <summary>From here on alerts are evaluated by a Prometheus that scrapes the nodes, and delivered by an Alertmanager.</summary>
/// <param name="Prometheus">Version of Prometheus.</param>
/// <param name="Alertmanager">Version of Alertmanager.</param>
/// <param name="Compress">What every duration of the alerts was divided by.</param>
/// <param name="ScrapeMs">Time between two scrapes of a node, in milliseconds.</param>
public sealed record AlertingStarted(string Prometheus, string Alertmanager, double Compress, int ScrapeMs) : JournalEvent;

/// <summary>Somebody was told of an alert, or of its end; <see cref="JournalEvent.At"/> is when it arrived.</summary>
/// <param name="Alert">Name of the alert.</param>
/// <param name="Severity">Its severity.</param>
/// <param name="Team">The team that it is for.</param>
/// <param name="To">Who of the team was told.</param>
/// <param name="Status">"firing" or "resolved".</param>
/// <param name="Labels">Labels of the value that made it.</param>
/// <param name="Runbook">The runbook that it names.</param>
/// <param name="StartsAt">When it began to fire, in microseconds since the epoch.</param>
/// <param name="EndsAt">When it ended; null while it fires.</param>
public sealed record AlertDelivered(string Alert, string Severity, string Team, string To, string Status, IReadOnlyDictionary<string, string> Labels,
    string? Runbook, long StartsAt, long? EndsAt) : JournalEvent;
