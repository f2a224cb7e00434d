using System.Text.Json;
using Chaos.Experiments.Files;
using Chaos.Journal.Events;
using Chaos.Live.State;

namespace Chaos.Live.Fold;

/// <summary>
/// Journal events in, what the page shows out: a function of the events alone, so that a page on yesterday's journal shows what one beside the run
/// has shown.
/// </summary>
/// <param name="usual">The alerts to evaluate in experiments that name none; null for none.</param>
internal sealed class LiveFold(OwnedAlerts? usual = null)
{
    private readonly Dictionary<string, ExperimentFold> _experiments = new(StringComparer.Ordinal);
    private readonly List<(string Id, Func<ExperimentLine> Line)> _lines = [];
    private readonly Dictionary<(string Experiment, string Name), string> _control = [];
    private RunStarted? _run;
    private string? _outcome;
    private long _lastUs;
    private string? _latest;

    /// <summary>Whether the run has ended in order.</summary>
    public bool Ended => _outcome is not null;

    /// <summary>Takes the journal's next event.</summary>
    public void Take(JournalEvent e)
    {
        _lastUs = Math.Max(_lastUs, e.At);
        switch (e)
        {
            case RunStarted started:
                _run = started;
                break;
            case RunEnded ended:
                _outcome = ended.Outcome;
                _control.Clear();
                break;
            case ExperimentSkipped skipped:
                _lines.Add((skipped.X ?? "", () => new ExperimentLine(skipped.X ?? "", skipped.Title, "skipped", null, skipped.Reason, 0)));
                break;
            case ExperimentStarted { X: { } id } started:
                Start(id, started);
                break;
            // Of the run as a whole: it belongs to what goes on.
            case TitledEvent { X: null } when _latest is { } latest:
                _experiments[latest].Take(e);
                break;
            case { X: { } id } when _experiments.TryGetValue(id, out var experiment):
                experiment.Take(e);
                Address(id, e);
                break;
        }
    }

    /// <summary>An experiment has been judged.</summary>
    public void Judged(string experiment, VerdictView verdict)
    {
        if (_experiments.TryGetValue(experiment, out var known)) known.Verdict = verdict;
    }

    /// <summary>What is to be shown now.</summary>
    public LiveState State()
    {
        var running = _experiments.Where(e => !e.Value.Ended).Select(e => e.Value).ToList();
        // A run that was killed leaves experiments that never end; with run.ended nothing runs any more.
        if (running.Count == 0 && _latest is not null) running.Add(_experiments[_latest]);
        return new LiveState(_run is null ? null : new RunView(_run.Run, _run.Seed, _run.Command, _outcome), _lastUs / 1000, [.. _lines.Select(l => l.Line())],
            [.. running.Select(e => e.View(Ended))], [.. _control.Values]);
    }

    private void Start(string id, ExperimentStarted started)
    {
        try
        {
            _experiments[id] = new ExperimentFold(started, usual);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NotSupportedException)
        {
            // One of another version: it is named, and the others are shown.
            _lines.Add((id, () => new ExperimentLine(id, started.Title, "skipped", null, $"Its definition cannot be read: {e.Message}", 0)));
            return;
        }

        _latest = id;
        var experiment = _experiments[id];
        _lines.RemoveAll(l => l.Id == id);
        _lines.Add((id, () => experiment.Line));
    }

    private void Address(string experiment, JournalEvent e)
    {
        if (e is PartStarted { Role: "proxy" } proxy) _control[(experiment, proxy.Name)] = $"http://{proxy.Address}";
        if (e is PartEnded { Role: "proxy" } gone) _control.Remove((experiment, gone.Name));
        if (e is ExperimentEnded)
        {
            foreach (var key in _control.Keys.Where(k => k.Experiment == experiment).ToList()) _control.Remove(key);
        }
    }
}
