using System.Globalization;
using Chaos.Experiments.Alerts.Evaluation;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Files;
using Chaos.Journal.Events;
using Chaos.Live.State;

namespace Chaos.Live.Fold;

/// <summary>One experiment as its events tell it.</summary>
internal sealed class ExperimentFold
{
    private readonly ExperimentStarted _started;
    private readonly Seconds _seconds;
    private readonly Connections _connections;
    private readonly Latencies _delivery;
    private readonly Latencies _roundTrip;
    private readonly ErrorClasses _errors;
    private readonly FaultLog _faults;
    private readonly WorldMap _world;
    private readonly Plan _plan;
    private LiveAlerts? _alerts;
    private bool _isSimulated;
    private readonly Secret _secret = new();
    private RehearsalStarted? _rehearsal;
    private HaltView? _halt;
    private string? _alarm;
    private EndView? _end;

    /// <param name="started">Its first event.</param>
    /// <param name="usual">The alerts to evaluate where the experiment names none; null for none.</param>
    public ExperimentFold(ExperimentStarted started, OwnedAlerts? usual)
    {
        var definition = DefinitionJson.FromJson(started.Definition);
        (_started, _seconds, LastUs) = (started, new Seconds(started.At), started.At);
        _connections = new Connections(definition.Fleet.Count, _seconds);
        (_delivery, _roundTrip) = (new Latencies("delivery", _seconds), new Latencies("round trip", _seconds));
        _errors = new ErrorClasses(_seconds);
        _faults = new FaultLog(definition.Timeline);
        _world = new WorldMap(definition, _connections, _faults);
        _plan = new Plan(definition, started.Seed, started.At, _faults);
        if ((definition.Alerts ?? usual) is { } owned && !definition.World.IsExternal) _alerts = new LiveAlerts(owned, Compression(definition));
    }

    /// <summary>Whether it has ended.</summary>
    public bool Ended => _end is not null;

    /// <summary>Its verdict, once it has been judged.</summary>
    public VerdictView? Verdict { get; set; }

    /// <summary>Time of its latest event, in microseconds since the Unix epoch.</summary>
    public long LastUs { get; private set; }

    public ExperimentLine Line => new(_started.X!, _started.Title, Ended ? "ended" : "running", Verdict?.Outcome, Verdict?.Sentence ?? _end?.Message, _faults.Active.Select(f => f.Fault).Distinct().Count());

    public void Take(JournalEvent e)
    {
        LastUs = Math.Max(LastUs, e.At);
        if (e is RehearsalStarted rehearsal) _rehearsal = rehearsal;
        if (_rehearsal?.IsStanding(e) == true)
        {
            // Told once, and no fault to look for.
            if (e is FaultOn on) _plan.Mark(on.At, "standing", $"{on.Type} on {on.Link}, all the time");
            return;
        }

        foreach (var told in _secret.Pass(e)) Show(told);
    }

    public ExperimentView View(bool resting)
    {
        // While it runs its figures are as of its latest event; afterwards as of its end.
        var now = LastUs;
        var measured = _delivery.Any || !_roundTrip.Any ? _delivery : _roundTrip;
        return new ExperimentView(_started.X!, _started.Title, _started.Checklist, _started.Mutant, _isSimulated, resting ? "ended" : _plan.Phase, _started.At / 1000, _halt, _end, Verdict, _secret.IsKept ? new RehearsalView(_alarm) : null,
            _faults.View(), _connections.View(now), [_delivery.View(now), _roundTrip.View(now)], _errors.View(now), Alerts(), _world.View(), Timeline(now),
            new SeriesView(_connections.ConnectedSeries(now), measured.Series(now, p => p.P50), measured.Series(now, p => p.P99), _connections.ReconnectSeries(now), _errors.Series(now)));
    }

    private void Show(JournalEvent e)
    {
        if (e is ExperimentEnded ended) _end = new EndView(ended.At / 1000, ended.Reason, ended.Message);
        if (e is RehearsalMoment { Moment: RehearsalMoments.Detected } detected) _alarm = detected.Title;
        if (e is SimulationStarted) (_isSimulated, _alerts) = (true, null);
        if (e is LedgerHalt halt) _halt = halt.State == "on" ? new HaltView(halt.At / 1000, halt.Reason) : null;
        _connections.Take(e);
        _errors.Take(e);
        _faults.Take(e);
        _world.Take(e);
        _plan.Take(e);
        if (e is ClientDelivered delivered) Add(_delivery, delivered.SentAt, delivered.Us);
        if (e is ClientAcked acked) Add(_roundTrip, acked.SentAt, acked.Us);
        if (_alerts is null) return;
        foreach (var (alert, fires) in _alerts.Take(e))
            _plan.Mark(e.At, fires ? "alert" : "resolved", fires ? $"{alert.Name} fires, for {alert.Owner ?? "nobody"} of {alert.Team}" : $"{alert.Name} is resolved");
    }

    private TimelineView Timeline(long now) => _secret.IsKept ? _plan.View(now) with { Faults = [] } : _plan.View(now);

    private AlertsView Alerts()
    {
        if (_alerts is null) return new AlertsView([], _isSimulated ? "not evaluated: a simulation has no metrics" : "not evaluated: there are no metrics of this gateway");
        var note = !_alerts.HasReadings ? "evaluated from the first reading of metrics on"
            : _alerts.Compress > 1 ? string.Create(CultureInfo.InvariantCulture, $"1 s stands for {_alerts.Compress:0.#} s of windows and hold times") : null;
        return new AlertsView([.. _alerts.Now().Select(a => new AlertView(a.Name, a.Title, a.Severity, a.Fires, a.SinceUs / 1000, a.Team, a.Owner, a.Runbook))], note);
    }

    private static void Add(Latencies latencies, long[] sentAt, long[] us)
    {
        for (var i = 0; i < us.Length; i++) latencies.Add(sentAt[i] + us[i], us[i]);
    }

    /// <summary>As its own expectations on alerts have it; otherwise as they would by default: minutes do not fit into a run of seconds.</summary>
    private static double Compression(ExperimentDefinition definition)
    {
        const double usual = 20;
        var said = definition.Expectations.Where(e => e.Check is "alert" or "pages_nobody").Select(e => e.Options["compress"]).FirstOrDefault(o => o is not null);
        return said?.GetValue<double>() ?? usual;
    }
}
