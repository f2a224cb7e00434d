using Chaos.Journal.Verdicts;

namespace Chaos.Reports.Trend;

/// <summary>What is kept of one night: enough to compare others with it, and the seed that repeats it.</summary>
/// <param name="Run">Name of the night's run, unique in a history.</param>
/// <param name="Seed">Seed of every random decision of the night.</param>
/// <param name="Command">Command that repeats it.</param>
/// <param name="StartedAt">When it began, UTC.</param>
/// <param name="Tool">Version of the tool, with the commit it was built from.</param>
/// <param name="Outcome">Worst outcome of the suite; mutants do not count.</param>
/// <param name="Mutants">The kill matrix; null when it was left out.</param>
/// <param name="Accepted">Experiments whose numbers of this night were declared normal, whatever they are.</param>
public sealed record Night(string Run, long Seed, string Command, DateTimeOffset StartedAt, string Tool, NightMachine Machine, Outcome Outcome,
    IReadOnlyList<NightExperiment> Experiments, IReadOnlyList<SkippedExperiment> Skipped, IReadOnlyList<NightMutant>? Mutants, IReadOnlyList<string> Accepted)
{
    /// <summary>The experiment of that id, or null when it was not run.</summary>
    public NightExperiment? Find(string experiment) => Experiments.FirstOrDefault(e => e.Id == experiment);
}

/// <summary>The machine. Numbers of different machines are never compared.</summary>
/// <param name="Os">Operating system.</param>
/// <param name="Cores">Logical processors.</param>
public sealed record NightMachine(string Os, int Cores);

/// <summary>An experiment of a night.</summary>
/// <param name="Conditions">
/// Fingerprint of what its numbers depend on: world, gateway, fleet, timeline, scripts, and what is judged when. Thresholds, title
/// and mutants are not in it. Numbers found under different conditions are never compared.
/// </param>
/// <param name="Load">Who used the machine meanwhile; null where it does not tell.</param>
public sealed record NightExperiment(string Id, string Title, string Checklist, long Seed, Outcome Outcome, string Sentence, string Conditions, MachineLoad? Load,
    IReadOnlyList<NightExpectation> Expectations);

/// <summary>An expectation, with every number that it was decided by.</summary>
public sealed record NightExpectation(string Id, string Check, ExpectationOutcome Outcome, IReadOnlyList<NightMeasure> Measures);

/// <summary>One number beside its threshold, as <see cref="Measure"/>.</summary>
/// <param name="Value">What was observed; null when it was no number, or without bound.</param>
/// <param name="Bad">Which side of the threshold is the bad one.</param>
/// <param name="Sample">Observations behind it.</param>
public sealed record NightMeasure(string Name, double? Value, double? Threshold, string Comparison, BadSide Bad, string Unit, long Sample, bool Ok, double? Low, double? High);

/// <summary>A mutant under the experiment that must catch it.</summary>
/// <param name="KilledBy">Expectation that had to break.</param>
/// <param name="Killed">Whether it was killed, and by that expectation.</param>
/// <param name="Verdict">Outcome of the experiment with the mutant in it.</param>
public sealed record NightMutant(string Name, string Experiment, string KilledBy, bool Killed, string Verdict, string Sentence);
