using Chaos.Experiments.Alerts.OnCall;
using Chaos.Experiments.Files;
using Chaos.Journal.Events;

namespace Chaos.Experiments.Alerts.Evaluation;

/// <summary>An alert whose condition holds now.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Title">What is wrong, as a sentence.</param>
/// <param name="Severity">"page" or "ticket".</param>
/// <param name="Fires">False while it is pending: its condition has not held for its hold time yet.</param>
/// <param name="SinceUs">Since when it fires, or is pending: microseconds since the Unix epoch.</param>
/// <param name="Team">The team that it is for.</param>
/// <param name="Owner">Who of it was on call then; null when nobody was.</param>
/// <param name="Runbook">What to do: a path or an address.</param>
/// <param name="Labels">The label sets that it is about, in Prometheus' notation.</param>
public sealed record LiveAlert(string Name, string Title, string Severity, bool Fires, long SinceUs, string Team, string? Owner, string Runbook, IReadOnlyList<string> Labels);

/// <summary>
/// Evaluates alerts over an experiment while it runs, from its events alone: the rules are those of <see cref="Replay"/>, and so is what
/// comes out of them.
/// </summary>
/// <param name="owned">The alerts and who is on call.</param>
/// <param name="compress">What every duration is divided by: a second of the run stands for so many. 1 to 1,000.</param>
public sealed class LiveAlerts(OwnedAlerts owned, double compress)
{
    private readonly RecordedSeries _series = new(owned.Alerts.Job);
    private readonly Dictionary<(string Alert, string Labels), AlertChange> _on = [];
    private AlertEvaluator.Rounds? _rounds;
    private bool _over;

    /// <summary>How many seconds a second of the run stands for.</summary>
    public double Compress => compress;

    /// <summary>Whether a reading of metrics has come: before one nothing is evaluated.</summary>
    public bool HasReadings => _rounds is not null;

    /// <summary>Takes the experiment's next event.</summary>
    /// <returns>The alerts that began to fire, or were resolved, by it.</returns>
    public IReadOnlyList<(LiveAlert Alert, bool Fires)> Take(JournalEvent e)
    {
        // What is torn down is away on purpose.
        _over |= e is PhaseEntered { Phase: Phases.Teardown } or ExperimentEnded;
        if (_over) return [];
        _series.Add(e);
        if (e is not MetricsSampled) return [];
        _rounds ??= new AlertEvaluator.Rounds(owned.Alerts, e.At / 1000, compress);
        return _rounds.NextMs > e.At / 1000 ? [] : Evaluate(_rounds, e.At / 1000);
    }

    /// <summary>The alerts whose conditions hold: those that fire first, pages before tickets, the oldest first.</summary>
    public IReadOnlyList<LiveAlert> Now() =>
        [.. _on.Values.GroupBy(c => c.Alert.Name).Select(OfOne).OrderByDescending(a => a.Fires).ThenBy(a => a.Severity, StringComparer.Ordinal).ThenBy(a => a.SinceUs)];

    private List<(LiveAlert, bool)> Evaluate(AlertEvaluator.Rounds rounds, long atMs)
    {
        var told = new List<(LiveAlert, bool)>();
        foreach (var change in rounds.Until(_series.Store(), atMs))
        {
            var key = (change.Alert.Name, change.Labels.Text);
            var fired = _on.Values.Any(c => c.Alert.Name == change.Alert.Name && c.State == AlertState.Firing);
            if (change.State is AlertState.Pending or AlertState.Firing) _on[key] = change;
            else _on.Remove(key);
            var fires = _on.Values.Any(c => c.Alert.Name == change.Alert.Name && c.State == AlertState.Firing);
            // Label sets that fire together are one alert to its owner.
            if (fired != fires) told.Add((OfOne([change]), fires));
        }

        return told;
    }

    private LiveAlert OfOne(IEnumerable<AlertChange> changes)
    {
        var all = changes.ToList();
        var fires = all.Exists(c => c.State == AlertState.Firing);
        var since = all.Where(c => !fires || c.State == AlertState.Firing).Min(c => c.AtMs);
        var alert = all[0].Alert;
        var owner = Owners.Of(owned.OnCall.Teams.First(t => t.Name == alert.Team), DateTimeOffset.FromUnixTimeMilliseconds(since)).Who;
        return new LiveAlert(alert.Name, alert.Title, alert.Severity, fires, since * 1000, alert.Team, owner, alert.Runbook, [.. all.Select(c => c.Labels.Text)]);
    }
}
