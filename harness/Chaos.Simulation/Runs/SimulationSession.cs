using Chaos.Client.Randomness;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Engine.Runs;
using Chaos.Experiments.Verdicts;
using Chaos.Journal;
using Chaos.Journal.Events;
using Chaos.Journal.IO;
using Chaos.Journal.Verdicts;
using Chaos.Simulation.Model;

namespace Chaos.Simulation.Runs;

/// <summary>A simulation from its first line to its verdict. The journal says nothing of the machine or the day, so the same seed gives the same bytes.</summary>
public static class SimulationSession
{
    /// <summary>Simulates an experiment, and judges the journal.</summary>
    /// <param name="identity">The run; its journal must not exist.</param>
    /// <param name="experiment">An experiment without <see cref="Modelled.Errors"/>. Its messages, and what is judged by them, are left out.</param>
    /// <param name="options">How to simulate it.</param>
    /// <param name="observer">Follows it.</param>
    /// <param name="interrupt">Ends it early.</param>
    /// <param name="wall">The clock that progress is shown by; the system's by default.</param>
    /// <returns>The journal as it stands on disk, and its verdict.</returns>
    public static async Task<(JournalContent Journal, RunVerdict Verdict)> RunAsync(RunIdentity identity, ExperimentDefinition experiment, SimulationOptions options,
        IRunObserver observer, CancellationToken interrupt, TimeProvider? wall = null)
    {
        var (part, leftOut) = Modelled.PartOf(experiment);
        if (leftOut.Count > 0) observer.Note($"Left out, because it is not modelled: {string.Join(", ", leftOut)}");
        var run = new PlannedRun(part with { Fleet = part.Fleet with { Count = options.Clients } }, options.Mutant);
        await using (var writer = new JournalWriter(identity.JournalPath)) Simulate(identity, run, options, leftOut, observer, writer, wall ?? TimeProvider.System, interrupt);
        GiveBack();
        var journal = JournalReader.Read(identity.JournalPath);
        var verdict = Judge.Run(journal);
        GiveBack();
        foreach (var judged in verdict.Experiments) observer.Ended(run, judged);
        return (await RecordedRun.EndAsync(identity, journal, verdict.Outcome, journal.Events[^1].At), verdict);
    }

    // A method of its own, so that nothing holds on to the clients while the journal is judged.
    private static void Simulate(RunIdentity identity, PlannedRun run, SimulationOptions options, IReadOnlyList<string> leftOut, IRunObserver observer, JournalWriter writer, TimeProvider wall, CancellationToken interrupt)
    {
        writer.Write(new RunStarted(JournalFormat.Version, identity.Name, identity.Seed, identity.Command, identity.Tool, 0, "virtual time") { At = new Clock(new VirtualTime()).NowUs });
        observer.Starting(run, 1, 1, SimulationRunner.Expected(run.Experiment, options));
        var seed = SeedTree.Derive(identity.Seed, "experiment", run.Experiment.Id);
        new SimulationRunner(run, options, leftOut, seed, entry => writer.Write(entry with { X = run.Id }), observer, wall).Run(interrupt);
    }

    // A million clients, or their gaps, are garbage of hundreds of megabytes that is not needed again: it goes before the next such step begins.
    private static void GiveBack() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
}
