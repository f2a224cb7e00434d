using System.Collections.Concurrent;
using Chaos.Client.Randomness;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Engine.Worlds;
using Chaos.Experiments.Verdicts;
using Chaos.Journal;
using Chaos.Journal.Events;
using Chaos.Journal.IO;
using Chaos.Journal.Verdicts;

namespace Chaos.Experiments.Engine.Runs;

/// <summary>An experiment to run, as the reference or with a mutant in it.</summary>
/// <param name="Experiment">The experiment.</param>
/// <param name="Mutant">Name of the mutant, or null for the reference.</param>
public sealed record PlannedRun(ExperimentDefinition Experiment, string? Mutant)
{
    /// <summary>Its id in the journal: a mutant's run is told from the reference's.</summary>
    public string Id => Mutant is null ? Experiment.Id : $"{Experiment.Id}+{Mutant}";

    /// <summary>Why it is run again, alone; null the first time.</summary>
    public string? Again { get; init; }
}

/// <summary>What identifies a run.</summary>
/// <param name="Name">Name of the run.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Command">Command that repeats it.</param>
/// <param name="Tool">Version of the tool.</param>
/// <param name="JournalPath">File of the journal.</param>
public sealed record RunIdentity(string Name, long Seed, string Command, string Tool, string JournalPath);

/// <summary>
/// Runs experiments into one journal: first those that share the machine, several at a time, then those in pairs, then the others one after another,
/// and with them whatever did not pass for want of a processor beside others. Where there are two that had no room, half as many run at a time from then on.
/// </summary>
/// <param name="identity">What identifies the run.</param>
/// <param name="services">What runs are made with.</param>
/// <param name="clock">The run's clock.</param>
/// <param name="together">How many of the experiments that share the machine run at a time, 1 to 16; with 1 there are no pairs either.</param>
public sealed class RunSession(RunIdentity identity, EngineServices services, Clock clock, int together = RunSession.Together)
{
    /// <summary>
    /// Experiments side by side unless told otherwise. Measured on 2 cores: four light ones take half of the machine, and all of it while the first worlds start.
    /// </summary>
    public const int Together = 4;

    private readonly Lanes _lanes = new(together);
    private readonly ConcurrentQueue<PlannedRun> _again = new();
    private int _started;
    private volatile bool _halted;

    /// <summary>Runs them all and judges the journal.</summary>
    /// <param name="planned">What to run; those that run alone in this order.</param>
    /// <param name="interrupt">Ends the run early: the experiment under way is undone, the rest is left out.</param>
    /// <returns>The verdict, from the journal as it stands on disk.</returns>
    public async Task<RunVerdict> RunAsync(IReadOnlyList<PlannedRun> planned, CancellationToken interrupt)
    {
        RunVerdict? verdict = null;
        await RecordedRun.RecordAsync(identity, clock, RunInTurnAsync, content => (verdict = Cut(Judge.Run(content))).Outcome).ConfigureAwait(false);
        return verdict!;

        async Task RunInTurnAsync(JournalWriter writer)
        {
            var kinds = planned.ToLookup(p => p.Experiment.Machine);
            await AtOnceAsync(ByTurns(LongestFirst(MachineUse.Shared)), _lanes.Count).ConfigureAwait(false);
            // Two of about one length, so that neither waits long for the other.
            foreach (var pair in LongestFirst(MachineUse.Pair).Chunk(2)) await AtOnceAsync(pair, _lanes.Count).ConfigureAwait(false);
            await AtOnceAsync(kinds[MachineUse.Alone].Concat(_again), 1).ConfigureAwait(false);

            List<PlannedRun> LongestFirst(MachineUse use) => [.. kinds[use].OrderByDescending(p => Expected(p.Experiment))];

            Task AtOnceAsync(IEnumerable<PlannedRun> runs, int lanes)
            {
                var waiting = new ConcurrentQueue<PlannedRun>(runs);
                var total = planned.Count + _again.Count;
                return Task.WhenAll(Enumerable.Range(0, Math.Min(lanes, waiting.Count)).Select(lane => RunAllAsync(lane, waiting, total, writer, interrupt)));
            }
        }

        // It may have been interrupted between two experiments, of which neither shows it.
        RunVerdict Cut(RunVerdict judged) => interrupt.IsCancellationRequested && judged.Outcome > Outcome.Interrupted ? judged with { Outcome = Outcome.Interrupted } : judged;
    }

    private async Task RunAllAsync(int lane, ConcurrentQueue<PlannedRun> waiting, int total, JournalWriter writer, CancellationToken interrupt)
    {
        while (lane < _lanes.Count && !interrupt.IsCancellationRequested && !_halted && waiting.TryDequeue(out var run))
            await RunOneAsync(run, Interlocked.Increment(ref _started), total, writer, interrupt).ConfigureAwait(false);
    }

    private async Task RunOneAsync(PlannedRun run, int number, int total, JournalWriter writer, CancellationToken interrupt)
    {
        var experiment = run.Experiment;
        if (await WhyNotAsync(experiment, interrupt).ConfigureAwait(false) is { } reason)
        {
            writer.Write(new ExperimentSkipped(experiment.Title, reason) { At = clock.NowUs, X = run.Id });
            services.Observer.Skipped(run, reason);
            return;
        }

        services.Observer.Starting(run, number, total, Expected(experiment));
        var journal = new ExperimentJournal(writer, run.Id);
        // The seed does not depend on the mutant: a mutant meets the very faults that the reference met.
        var seed = SeedTree.Derive(identity.Seed, "experiment", experiment.Id);
        var stay = _lanes.Enter();
        using (var runner = new ExperimentRunner(run, seed, services, journal, clock))
            await runner.RunAsync(interrupt).ConfigureAwait(false);
        _lanes.Leave(stay);
        // Whoever halts the faults of one experiment does not want those of the next.
        _halted |= journal.Halted.IsCompleted;
        var events = journal.Snapshot();
        var verdict = Judge.Experiment(events);
        services.Observer.Ended(run, verdict);
        if (!stay.HadCompany || _halted || Crowding.WhyAgain(run, verdict, events) is not { } again) return;
        _again.Enqueue(run with { Again = again });
        services.Observer.Note($"{run.Id} will be run again, alone: {again}.");
        if (!Crowding.IsTooMany(events) || !_lanes.HadNoRoom(stay)) return;
        services.Observer.Note($"So many are too many for this machine: at most {_lanes.Count} at a time from now on.");
    }

    /// <summary>The first, the last, the second, the last but one: long experiments are the busy ones, and short ones between them leave them room.</summary>
    private static IEnumerable<PlannedRun> ByTurns(List<PlannedRun> runs) =>
        Enumerable.Range(0, runs.Count).Select(i => runs[i % 2 == 0 ? i / 2 : runs.Count - 1 - (i / 2)]);

    private async Task<string?> WhyNotAsync(ExperimentDefinition experiment, CancellationToken cancel)
    {
        if (services.Clients.WhyUnavailable(experiment.Fleet.Client) is { } reason) return reason;
        try
        {
            await services.Clients.PrepareAsync(experiment.Fleet.Client, cancel).ConfigureAwait(false);
            return null;
        }
        catch (InvalidOperationException e)
        {
            return e.Message;
        }
    }

    private static TimeSpan Expected(ExperimentDefinition experiment)
    {
        var timeline = experiment.Timeline;
        return timeline.Baseline + Timelines.TimelinePlan.Of(timeline, 0).Length + timeline.Recovery + TimeSpan.FromSeconds(6);
    }
}
