namespace Chaos.Journal.Verdicts;

/// <summary>Outcome of an experiment, worst first: of several that apply, the first wins.</summary>
public enum Outcome
{
    /// <summary>The harness failed.</summary>
    Error,

    /// <summary>Somebody stopped it.</summary>
    Interrupted,

    /// <summary>A stop condition ended it.</summary>
    Aborted,

    /// <summary>A probe or a check threw.</summary>
    ProbeError,

    /// <summary>The steady state did not hold before the first fault.</summary>
    BaselineNotMet,

    /// <summary>A fault hit no traffic, too few samples, a worker was lost.</summary>
    Inconclusive,

    /// <summary>At least one expectation is broken.</summary>
    Deviated,

    /// <summary>Every expectation holds.</summary>
    Passed,
}

/// <summary>Outcome of one expectation.</summary>
public enum ExpectationOutcome
{
    /// <summary>It holds.</summary>
    Met,

    /// <summary>It is broken.</summary>
    Broken,

    /// <summary>The journal does not say enough.</summary>
    Inconclusive,

    /// <summary>The check itself failed.</summary>
    Error,
}

/// <summary>One number that was compared, beside its threshold.</summary>
/// <param name="Name">What it is, such as "p99" or "KS D, attempt 2".</param>
/// <param name="Value">What was observed.</param>
/// <param name="Threshold">What it was compared with.</param>
/// <param name="Unit">"ms", "", "×", "%".</param>
/// <param name="Sample">Number of observations behind it.</param>
/// <param name="Low">Lower end of the interval, where one was computed.</param>
/// <param name="High">Upper end of the interval.</param>
/// <param name="Ok">Whether it is on the right side.</param>
/// <param name="Comparison">"≤", "≥", "=", "within".</param>
public sealed record Measure(string Name, double Value, double Threshold, string Unit, long Sample, bool Ok, string Comparison = "≤",
    double? Low = null, double? High = null);

/// <summary>What became of one expectation.</summary>
/// <param name="Id">Its id in the experiment.</param>
/// <param name="Check">Name of the check.</param>
/// <param name="Statistic">The statistic and its error level in words, such as "percentile with 99 % bootstrap interval".</param>
/// <param name="Sentence">The finding as one sentence for a person.</param>
/// <param name="Deciding">The number that decided: the worst of <paramref name="Measures"/>; null when there was no data.</param>
/// <param name="Measures">Everything that was compared.</param>
public sealed record ExpectationResult(string Id, string Check, ExpectationOutcome Outcome, string Statistic, string Sentence,
    Measure? Deciding, IReadOnlyList<Measure> Measures);

/// <summary>What became of one experiment.</summary>
/// <param name="Sentence">The verdict as one sentence for a person.</param>
/// <param name="SteadyBefore">Steady-state expectations before the faults.</param>
/// <param name="SteadyAfter">The same, after them.</param>
/// <param name="Expectations">The experiment's own expectations.</param>
/// <param name="FaultHits">For each fault of the timeline, how often it acted on traffic, as the ledger says.</param>
public sealed record ExperimentVerdict(string Id, string Title, string Checklist, string? Mutant, long Seed, Outcome Outcome, string Sentence,
    IReadOnlyList<ExpectationResult> SteadyBefore, IReadOnlyList<ExpectationResult> SteadyAfter, IReadOnlyList<ExpectationResult> Expectations,
    IReadOnlyDictionary<string, long> FaultHits, double Seconds);

/// <summary>An experiment that was not run.</summary>
public sealed record SkippedExperiment(string Id, string Title, string Reason);

/// <summary>What became of a run.</summary>
public sealed record RunVerdict(string Run, long Seed, string Command, Outcome Outcome, IReadOnlyList<ExperimentVerdict> Experiments,
    IReadOnlyList<SkippedExperiment> Skipped, IReadOnlyList<string> JournalProblems);
