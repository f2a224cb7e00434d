using Chaos.Experiments.Checks;
using Chaos.Experiments.Checks.Evidence;
using Chaos.Journal.Events;

namespace Chaos.Experiments.Verdicts;

/// <summary>The stretches of time of an experiment, as its journal has them.</summary>
public sealed class ExperimentWindows
{
    private readonly IReadOnlyList<JournalEvent> _events;
    private readonly List<PhaseEntered> _phases;

    private ExperimentWindows(IReadOnlyList<JournalEvent> events)
    {
        _events = events;
        _phases = [.. events.OfType<PhaseEntered>()];
    }

    /// <summary>Steady state before the faults; null when the run did not come that far.</summary>
    public Window? Baseline => Phase(Phases.Baseline);

    /// <summary>Steady state after the faults.</summary>
    public Window? Recovery => Phase(Phases.Recovery);

    /// <summary>Reads them.</summary>
    public static ExperimentWindows Of(IReadOnlyList<JournalEvent> events) => new(events);

    /// <summary>
    /// The window of an expectation: a phase; <c>run</c>, from the baseline to the start of teardown; or the name of a fault, from the
    /// first time it was switched on to the last time it was removed.
    /// </summary>
    /// <returns>Null when the run did not come that far.</returns>
    public Window? Find(string during) => during == "run" ? Run() : _phases.Any(p => p.Phase == during) ? Phase(during) : Fault(during);

    private Window? Phase(string name)
    {
        var index = _phases.FindIndex(p => p.Phase == name);
        if (index < 0) return null;
        return new Window(_phases[index].At, index + 1 < _phases.Count ? _phases[index + 1].At : End());
    }

    private Window? Run()
    {
        var baseline = _phases.Find(p => p.Phase == Phases.Baseline);
        return baseline is null ? null : new Window(baseline.At, Fleets.EndUs(_events));
    }

    private Window? Fault(string name)
    {
        var on = _events.OfType<FaultOn>().FirstOrDefault(f => f.Fault == name);
        if (on is null) return null;
        var off = _events.OfType<FaultOff>().LastOrDefault(f => f.Fault == name);
        return new Window(on.At, off?.At ?? Fleets.EndUs(_events));
    }

    private long End() => _events[^1].At + 1;
}
