using Chaos.Client.Randomness;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Engine.Runs;
using Chaos.Experiments.Engine.Timelines;
using Chaos.Experiments.Files;
using Chaos.Experiments.Verdicts;
using Chaos.Journal;
using Chaos.Journal.Events;
using Chaos.Simulation.Model;

namespace Chaos.Simulation.Runs;

/// <summary>Simulates one experiment: the phases of a real run, in virtual time.</summary>
internal sealed class SimulationRunner
{
    private static readonly TimeSpan Check = TimeSpan.FromMilliseconds(250);

    private readonly PlannedRun _run;
    private readonly ExperimentDefinition _experiment;
    private readonly SimulationOptions _options;
    private readonly IReadOnlyList<string> _leftOut;
    private readonly long _seed;
    private readonly Action<JournalEvent> _journal;
    private readonly VirtualTime _time = new();
    private readonly Clock _clock;
    private readonly Gateways _gateways;
    private readonly LinkFaults _faults;
    private readonly ColumnWriter _columns;
    private readonly SimulatedFleet _fleet;
    private readonly Pace _pace;
    private readonly IRunObserver _observer;
    private List<JournalEvent>? _beforeFaults = [];

    /// <param name="run">The experiment, with the number of clients to simulate.</param>
    /// <param name="options">How it is simulated.</param>
    /// <param name="leftOut">What the experiment has in its file and is not simulated, as words.</param>
    /// <param name="seed">Seed of the experiment.</param>
    /// <param name="journal">Takes its events.</param>
    /// <param name="observer">Follows it.</param>
    /// <param name="wall">The clock that progress is shown by; nothing else depends on it.</param>
    public SimulationRunner(PlannedRun run, SimulationOptions options, IReadOnlyList<string> leftOut, long seed, Action<JournalEvent> journal, IRunObserver observer, TimeProvider wall)
    {
        (_run, _experiment, _options, _leftOut, _seed, _journal, _observer) = (run, run.Experiment, options, leftOut, seed, journal, observer);
        _clock = new Clock(_time);
        var answers = new Answers();
        _gateways = new Gateways(_experiment);
        _faults = new LinkFaults(answers);
        _columns = new ColumnWriter(_experiment.Fleet.Link, answers, _clock.NowUs, Write);
        _fleet = new SimulatedFleet(options, _experiment.Fleet.Policy, SeedTree.Derive(seed, "fleet"), _gateways, _faults, _columns);
        _pace = new Pace(wall, () => observer.Tick(run, new(_fleet.Count, _fleet.Connected, 0, _fleet.Attempts, 0, 0, 0, 0, 0), _faults.Active, _time.Now));
    }

    /// <summary>How long the experiment takes in virtual time, start-up included.</summary>
    public static TimeSpan Expected(ExperimentDefinition experiment, SimulationOptions options) =>
        (Pause(new Gateways(experiment)) * options.Clients) + Testbed.WarmUp + experiment.Timeline.Baseline + TimelinePlan.Of(experiment.Timeline, 0).Length + experiment.Timeline.Recovery;

    /// <summary>Runs it to its end.</summary>
    /// <param name="interrupt">Ends it early.</param>
    public void Run(CancellationToken interrupt)
    {
        Write(new ExperimentStarted(_experiment.Title, _experiment.ChecklistText, _seed, _options.Mutant, DefinitionJson.ToJson(_experiment)) { At = _clock.NowUs });
        Write(new SimulationStarted(_fleet.Count, _options.LatencyMs, _leftOut.Count == 0 ? null : _leftOut) { At = _clock.NowUs });
        var (reason, message) = (EndReason.Completed, (string?)null);
        try
        {
            (reason, message) = RunPhases(interrupt);
        }
        catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
        {
            (reason, message) = (EndReason.Interrupted, "interrupted");
        }

        Undo();
        Enter(Phases.Teardown);
        Write(new ExperimentEnded(reason, message) { At = _clock.NowUs });
    }

    private (string Reason, string? Message) RunPhases(CancellationToken cancel)
    {
        Enter(Phases.World);
        // Those whom nobody can ever take would ask for a place until the end of time.
        if (_gateways.MaxConnections < _fleet.Count) return (EndReason.BaselineNotMet, TooMany());
        var pause = Pause(_gateways);
        _fleet.Start(_time.Now, pause);
        var deadline = (pause * _fleet.Count) + Testbed.ConnectTimeout;
        while (_fleet.Connected < _fleet.Count && _time.Now < deadline) Until(_time.Now + Check, cancel);
        if (_fleet.Connected < _fleet.Count) return (EndReason.BaselineNotMet, TooFew());
        Until(_time.Now + Testbed.WarmUp, cancel);

        var from = Enter(Phases.Baseline);
        Until(_time.Now + _experiment.Timeline.Baseline, cancel);
        _columns.Flush();
        var unmet = Judge.UnmetSteadyState(_experiment, _beforeFaults!, new(from, _clock.NowUs));
        _beforeFaults = null;
        if (unmet is not null) return (EndReason.BaselineNotMet, unmet);

        Enter(Phases.Faults);
        RunTimeline(cancel);
        Enter(Phases.Recovery);
        Until(_time.Now + _experiment.Timeline.Recovery, cancel);
        Enter(Phases.Settle);
        return (EndReason.Completed, null);
    }

    private void RunTimeline(CancellationToken cancel)
    {
        var plan = TimelinePlan.Of(_experiment.Timeline, _seed);
        var start = _time.Now;
        foreach (var step in plan.Steps)
        {
            Until(start + step.At, cancel);
            if (step.On) Add(step);
            else Remove(step, "schedule");
            _observer.Fault(_run, $"{step.Fault.Type} on {step.Fault.Place}", step.On);
        }

        Until(start + plan.Length, cancel);
    }

    private void Add(TimelineStep step)
    {
        Write(step.Began(_clock.NowUs));
        _faults.Add(step);
        if (step.Fault.Type == LinkFaults.Reset) _fleet.Cut(step.ProxyName, _time.Now);
    }

    private void Remove(TimelineStep step, string reason)
    {
        _faults.Remove(step);
        Write(step.Ended(reason, _clock.NowUs));
    }

    private void Undo()
    {
        _fleet.End();
        _columns.Flush();
        foreach (var step in _faults.Steps.ToList()) Remove(step, "undo");
    }

    /// <summary>Lets everything happen that happens before a time.</summary>
    private void Until(TimeSpan end, CancellationToken cancel)
    {
        while (_fleet.Step(end, _time)) _pace.Step(cancel);
        cancel.ThrowIfCancellationRequested();
        _time.MoveTo(end);
    }

    private long Enter(string phase)
    {
        Write(new PhaseEntered(phase) { At = _clock.NowUs });
        _observer.Phase(_run, phase);
        return _clock.NowUs;
    }

    private void Write(JournalEvent entry)
    {
        _beforeFaults?.Add(entry);
        _journal(entry);
    }

    private string TooMany() =>
        $"{_fleet.Count} clients are more than the {_gateways.MaxConnections} connections that the gateways hold (gateway.limits.max_connections, {_gateways.Limits.MaxConnections} each)";

    private string TooFew() => $"{_fleet.Connected} of {_fleet.Count} clients connected within {Testbed.ConnectTimeout.TotalSeconds:0} s";

    // Start-up is no connection storm: half of the handshakes that the gateways take.
    private static TimeSpan Pause(Gateways gateways) => TimeSpan.FromSeconds(2.0 / gateways.HandshakesPerSecond);
}
