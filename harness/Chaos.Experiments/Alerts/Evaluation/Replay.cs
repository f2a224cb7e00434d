using Chaos.Experiments.Alerts.OnCall;
using Chaos.Experiments.Checks.Evidence;
using Chaos.Experiments.Files;
using Chaos.Experiments.Verdicts;
using Chaos.Journal.Events;
using Chaos.Journal.IO;

namespace Chaos.Experiments.Alerts.Evaluation;

/// <summary>An alert that would have fired in a run.</summary>
/// <param name="Experiment">Id of the experiment.</param>
/// <param name="Alert">Name of the alert.</param>
/// <param name="Severity">Its severity.</param>
/// <param name="Labels">The label sets that fired, in Prometheus' notation.</param>
/// <param name="FiredAt">When it fired.</param>
/// <param name="ResolvedAt">When it was resolved; null when it was not.</param>
/// <param name="Team">The team that it is for.</param>
/// <param name="Owner">Who of it was on call when it fired; null when nobody was.</param>
public sealed record Replayed(string Experiment, string Alert, string Severity, IReadOnlyList<string> Labels, DateTimeOffset FiredAt, DateTimeOffset? ResolvedAt, string Team, string? Owner);

/// <summary>Evaluates alerts over a journal.</summary>
public static class Replay
{
    /// <summary>The alerts that would have fired, experiment by experiment, from the first reading to the start of teardown.</summary>
    /// <param name="content">The journal.</param>
    /// <param name="owned">The alerts and who is on call.</param>
    /// <param name="compress">What every duration is divided by: a second of the run stands for so many.</param>
    public static IReadOnlyList<Replayed> Of(JournalContent content, OwnedAlerts owned, double compress) =>
        [.. JournalExperiments.Of(content).Select(JournalExperiments.InOrder).SelectMany(events => Of(events, owned, compress))];

    private static IEnumerable<Replayed> Of(List<JournalEvent> events, OwnedAlerts owned, double compress)
    {
        if (events.OfType<MetricsSampled>().FirstOrDefault() is not { } first) yield break;
        var changes = AlertEvaluator.Run(owned.Alerts, RecordedSeries.Of(events, owned.Alerts.Job), first.At / 1000, Fleets.EndUs(events) / 1000, compress);
        foreach (var f in AlertEvaluator.Firings(changes))
        {
            var at = DateTimeOffset.FromUnixTimeMilliseconds(f.FromMs);
            yield return new Replayed(events[0].X ?? "", f.Alert.Name, f.Alert.Severity, [.. f.Labels.Select(l => l.Text)], at,
                f.ToMs is { } to ? DateTimeOffset.FromUnixTimeMilliseconds(to) : null, f.Alert.Team, Owners.Of(owned.OnCall.Teams.First(t => t.Name == f.Alert.Team), at).Who);
        }
    }
}
