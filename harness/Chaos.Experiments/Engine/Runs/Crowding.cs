using System.Globalization;
using Chaos.Experiments.Engine.Machine;
using Chaos.Experiments.Verdicts;
using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Engine.Runs;

/// <summary>
/// Running experiments side by side saves time, and must not change a verdict. What did not pass beside others, on a machine that had no
/// processor to spare for a while, says nothing yet, and neither does a mutant that passed there: it is run once more, alone and from the same
/// seed, and that verdict counts.
/// </summary>
internal static class Crowding
{
    /// <summary>Idle share of the processors below which a reading is of a full machine.</summary>
    public const double Full = 0.05;

    /// <summary>
    /// For how long the machine must have been full. Another world that starts takes all there is for 2 to 4 s on 2 cores, and 50 clients that
    /// came back in that time were 170 ms late.
    /// </summary>
    public static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Idle share over a whole experiment below which so many are too many. Measured on 2 cores: three experiments that asked a service about
    /// every message left 1 to 10 % and passed; at half the speed they left nothing, and what took time broke.
    /// </summary>
    public const double Spare = 0.15;

    /// <summary>Why a run beside others has to be made again, as the end of a sentence; null where its verdict stands.</summary>
    /// <param name="run">What was run.</param>
    /// <param name="verdict">What became of it.</param>
    /// <param name="events">Its events.</param>
    public static string? WhyAgain(PlannedRun run, ExperimentVerdict verdict, IReadOnlyList<JournalEvent> events)
    {
        if (!MayBeTheCrowd(run, verdict)) return null;
        var full = Readings(events).Count(s => s.Idle < Full) * MachineSampler.Interval;
        return full < LongEnough ? null
            : string.Create(CultureInfo.InvariantCulture, $"beside others it was {ExitCodes.NameOf(verdict.Outcome)}, and for {full.TotalSeconds:0.#} s of it no processor was idle");
    }

    /// <summary>Whether it was not for a while that the machine was full, but nearly always.</summary>
    public static bool IsTooMany(IReadOnlyList<JournalEvent> events) => MachineLoad.Of(Readings(events)) is { Idle: < Spare };

    private static bool MayBeTheCrowd(PlannedRun run, ExperimentVerdict verdict) =>
        // Parts of the harness that give up for want of time make an error.
        (verdict.Outcome is Outcome.Deviated or Outcome.Inconclusive or Outcome.BaselineNotMet or Outcome.Error
            // A storm that a mutant makes can be too slow, on a full machine, to be told from none.
            || (verdict.Outcome is Outcome.Passed && run.Mutant is not null))
        // A mutant that its own expectation has caught is what was wanted.
        && !run.Experiment.Mutants.Any(m => m.Name == run.Mutant && Judge.Kills(verdict, m.KilledBy));

    /// <summary>The start of its own world takes whatever there is; it is what comes behind it that is judged.</summary>
    private static List<MachineSampled> Readings(IReadOnlyList<JournalEvent> events)
    {
        var from = events.OfType<PhaseEntered>().FirstOrDefault(p => p.Phase == Phases.Baseline)?.At ?? 0;
        return [.. events.OfType<MachineSampled>().Where(s => s.At >= from)];
    }
}
