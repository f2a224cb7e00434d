using System.Globalization;
using Chaos.Client.Randomness;
using Chaos.Experiments.Definitions;
using Chaos.Journal.Events;

namespace Chaos.Experiments.Rehearsals;

/// <summary>A rehearsal to run.</summary>
/// <param name="Runbook">The runbook.</param>
/// <param name="Cause">What will be wrong.</param>
/// <param name="Mode">One of <see cref="RehearsalModes"/>.</param>
/// <param name="Seed">What everything that is left to chance comes from.</param>
public sealed record PlannedRehearsal(RunbookDefinition Runbook, CauseDefinition Cause, string Mode, long Seed)
{
    /// <summary>Its id in the journal: runbook, seed, and who goes through it.</summary>
    public string Id => string.Create(CultureInfo.InvariantCulture, $"{Runbook.Id}-{Seed}-{Mode}");

    /// <summary>How long after the baseline the cause begins.</summary>
    public TimeSpan BeginsAfter => Runbook.BeginsWithin * SeedTree.Stream(Seed, "rehearsal", "begin").NextDouble();

    /// <summary>A cause of the runbook that nobody chose but the seed.</summary>
    public static CauseDefinition Blind(RunbookDefinition runbook, long seed) => runbook.Causes[SeedTree.Stream(seed, "rehearsal", "cause").Next(runbook.Causes.Count)];

    /// <summary>
    /// It as an experiment: the world, the fleet and the faults of its cause, as journal and reports know them. What stands all the time is no part of
    /// its timeline: it would outlast it, and look like the cause.
    /// </summary>
    public ExperimentDefinition Experiment => new()
    {
        Id = Id,
        Title = Runbook.Title,
        Checklist = Runbook.Steps.Select(s => s.Checklist).OfType<string>().ToList() is { Count: > 0 } lines ? lines : ["Incidents"],
        World = Runbook.World,
        Gateway = Runbook.Gateway,
        Fleet = Runbook.Fleet,
        Timeline = new TimelineDefinition { Baseline = Runbook.Baseline, Faults = Cause.Faults },
        Expectations = [],
        File = Runbook.File,
    };

    /// <summary>What the journal says at its beginning.</summary>
    internal RehearsalStarted Started(long at) => new(Runbook.Title, Runbook.Id, Mode, Cause.Name, Cause.Title,
        [.. Runbook.Steps.Select(s => new RehearsalStep(s.Id, s.Title, s.Probe?.Cause, s.Action?.Words))], Runbook.Stable.For.TotalMilliseconds, Runbook.Demands.Named, Runbook.Demands.OfTime,
        [.. Runbook.Standing.Select(f => f.Name)]) { At = at };
}
