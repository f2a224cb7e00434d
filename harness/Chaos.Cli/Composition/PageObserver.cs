using Chaos.Experiments.Engine.Runs;
using Chaos.Journal.Verdicts;
using Chaos.Live.Hosting;
using Chaos.Load.Fleets;

namespace Chaos.Cli.Composition;

/// <summary>Hands the verdicts of a run on to its live page, which takes everything else from the journal.</summary>
internal sealed class PageObserver(IRunObserver terminal, LivePage page) : IRunObserver
{
    public void Starting(PlannedRun run, int number, int total, TimeSpan expected) => terminal.Starting(run, number, total, expected);

    public void Phase(PlannedRun run, string phase) => terminal.Phase(run, phase);

    public void Fault(PlannedRun run, string description, bool on) => terminal.Fault(run, description, on);

    public void Tick(PlannedRun run, FleetSnapshot figures, IReadOnlyCollection<string> activeFaults, TimeSpan elapsed) => terminal.Tick(run, figures, activeFaults, elapsed);

    public void Ended(PlannedRun run, ExperimentVerdict verdict)
    {
        page.Judged(run.Id, verdict);
        terminal.Ended(run, verdict);
    }

    public void Skipped(PlannedRun run, string reason) => terminal.Skipped(run, reason);

    public void Note(string text) => terminal.Note(text);
}
