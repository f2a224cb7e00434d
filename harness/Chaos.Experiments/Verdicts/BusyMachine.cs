using System.Globalization;
using Chaos.Experiments.Checks;
using Chaos.Experiments.Definitions;
using Chaos.Journal.Events;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Verdicts;

/// <summary>
/// Tells a system that was too slow from a machine that gave it no time. Load of the run's own making, a storm of retries for
/// example, never counts: that is what experiments are for.
/// </summary>
internal static class BusyMachine
{
    // A reading tells of the time before it.
    private static readonly long ReadingUs = (long)Engine.Machine.MachineSampler.Interval.TotalMicroseconds;

    /// <summary>
    /// Why the broken expectations show nothing, as a sentence: each of them depends on time, and others kept the machine busy
    /// then. Null where one of them cannot be excused like that, or none is broken.
    /// </summary>
    /// <param name="results">What was found, with the time that was judged.</param>
    public static string? Excuse(IReadOnlyList<JournalEvent> events, IEnumerable<(ExpectationResult Result, Window? Window)> results, IReadOnlyList<ICheck> checks)
    {
        var broken = results.Where(r => r.Result.Outcome == ExpectationOutcome.Broken).ToList();
        var samples = events.OfType<MachineSampled>().ToList();
        string? first = null;
        foreach (var (result, window) in broken)
        {
            if (window is not { } when || checks.FirstOrDefault(c => c.Name == result.Check) is not { IsTimed: true }) return null;
            var then = samples.FindAll(s => s.At > when.FromUs && s.At <= when.ToUs + ReadingUs);
            if (MachineLoad.Of(then) is not { IsBusy: true } load) return null;
            first ??= string.Create(CultureInfo.InvariantCulture,
                $"other programs took {100 * load.Others:0} % of the processors, and {100 * load.Idle:0} % was idle, while {result.Id} was broken ({result.Sentence}): repeat it on a machine that is free");
        }

        return first;
    }
}
