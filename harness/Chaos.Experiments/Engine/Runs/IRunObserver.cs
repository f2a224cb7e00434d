using Chaos.Journal.Verdicts;
using Chaos.Load.Fleets;

namespace Chaos.Experiments.Engine.Runs;

/// <summary>Follows a run as it happens, for progress on a terminal. Calls come from one thread at a time for each experiment.</summary>
public interface IRunObserver
{
    /// <summary>An experiment is about to start.</summary>
    void Starting(PlannedRun run, int number, int total, TimeSpan expected);

    /// <summary>An experiment entered a phase.</summary>
    void Phase(PlannedRun run, string phase);

    /// <summary>A fault went on or off.</summary>
    void Fault(PlannedRun run, string description, bool on);

    /// <summary>Live figures, about four times a second.</summary>
    void Tick(PlannedRun run, FleetSnapshot figures, IReadOnlyCollection<string> activeFaults, TimeSpan elapsed);

    /// <summary>An experiment has been judged.</summary>
    void Ended(PlannedRun run, ExperimentVerdict verdict);

    /// <summary>An experiment is left out.</summary>
    void Skipped(PlannedRun run, string reason);

    /// <summary>Anything worth a line, such as the installation of a third-party client.</summary>
    void Note(string text);
}
