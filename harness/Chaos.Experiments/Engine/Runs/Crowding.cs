using System.Globalization;
using Chaos.Experiments.Verdicts;
using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Engine.Runs;

/// <summary>
/// Running experiments side by side saves time, and must not change a verdict. What did not pass beside others, on a machine that had no
/// processor to spare, says nothing yet: it is run once more, alone and from the same seed, and that verdict counts.
/// </summary>
internal static class Crowding
{
    /// <summary>
    /// Idle share of the processors below which somebody waited for one most of the time. Measured on 2 cores: three experiments that asked
    /// a service about every message left 1 to 10 % and passed; at half the speed they left nothing, and what took time broke.
    /// </summary>
    public const double Spare = 0.15;

    /// <summary>Why a run beside others has to be made again, as the end of a sentence; null where its verdict stands.</summary>
    /// <param name="run">What was run.</param>
    /// <param name="verdict">What became of it.</param>
    /// <param name="events">Its events.</param>
    public static string? WhyAgain(PlannedRun run, ExperimentVerdict verdict, IReadOnlyList<JournalEvent> events)
    {
        if (!MayBeTheCrowd(run, verdict)) return null;
        // The start of a world takes whatever there is; it is what comes behind it that is judged.
        var from = events.OfType<PhaseEntered>().FirstOrDefault(p => p.Phase == Phases.Baseline)?.At ?? 0;
        return MachineLoad.Of([.. events.OfType<MachineSampled>().Where(s => s.At >= from)]) is { Idle: < Spare } load
            ? string.Create(CultureInfo.InvariantCulture, $"beside others it was {ExitCodes.NameOf(verdict.Outcome)} while {100 * load.Idle:0} % of the processors was idle")
            : null;
    }

    private static bool MayBeTheCrowd(PlannedRun run, ExperimentVerdict verdict) =>
        // Parts of the harness that give up for want of time make an error.
        verdict.Outcome is Outcome.Deviated or Outcome.Inconclusive or Outcome.BaselineNotMet or Outcome.Error
        // A mutant that its own expectation has caught is what was wanted.
        && !run.Experiment.Mutants.Any(m => m.Name == run.Mutant && Judge.Kills(verdict, m.KilledBy));
}
