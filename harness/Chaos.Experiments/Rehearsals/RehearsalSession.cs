using Chaos.Experiments.Engine.Runs;
using Chaos.Experiments.Engine.Worlds;
using Chaos.Experiments.Verdicts;
using Chaos.Journal;
using Chaos.Journal.IO;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Rehearsals;

/// <summary>Runs rehearsals one after another into one journal.</summary>
/// <param name="identity">What identifies the run.</param>
/// <param name="services">What worlds are made with.</param>
/// <param name="clock">The run's clock.</param>
public sealed class RehearsalSession(RunIdentity identity, EngineServices services, Clock clock)
{
    /// <summary>Runs them all.</summary>
    /// <param name="planned">What to run, in this order.</param>
    /// <param name="seats">Who sits in the seat of each.</param>
    /// <param name="outcome">The outcome that the journal so far comes to, for its last line.</param>
    /// <param name="interrupt">Ends the one under way, and leaves out the rest.</param>
    /// <returns>The journal as it stands on disk.</returns>
    public Task<JournalContent> RunAsync(IReadOnlyList<PlannedRehearsal> planned, Func<PlannedRehearsal, IRehearsalSeat> seats, Func<JournalContent, Outcome> outcome, CancellationToken interrupt) =>
        RecordedRun.RecordAsync(identity, clock, async writer =>
        {
            foreach (var plan in planned.TakeWhile(_ => !interrupt.IsCancellationRequested))
                await new RehearsalRunner(plan, services, seats(plan), new ExperimentJournal(writer, plan.Id), clock).RunAsync(interrupt).ConfigureAwait(false);
        }, outcome);
}
