using System.Text.Json.Serialization;
using Chaos.Journal.Verdicts;

namespace Chaos.Reports.Json;

// The shape of summary.json. Members are snake_case, outcomes are spelt as everywhere ("baseline-not-met"). Members may be added
// within a schema version; one that changes its meaning or goes away raises it. A figure that is no number is null.

/// <summary>A run.</summary>
/// <param name="SchemaVersion">Version of this shape, 1.</param>
/// <param name="Outcome">Worst outcome of the run.</param>
/// <param name="ExitCode">Exit code of the run; null when it did not end in order.</param>
/// <param name="EndedInOrder">False when the run was killed; <paramref name="Notice"/> then says where it was.</param>
/// <param name="StartedAtUs">Microseconds since the epoch.</param>
/// <param name="Counts">Experiments for each outcome, and "skipped".</param>
internal sealed record SummaryDocument(int SchemaVersion, string Run, Outcome Outcome, int? ExitCode, bool EndedInOrder, string? Notice, long Seed, string Command,
    string? Tool, long? StartedAtUs, IReadOnlyDictionary<string, int> Counts, IReadOnlyList<ExperimentSummary> Experiments, IReadOnlyList<SkippedExperiment> Skipped,
    IReadOnlyList<string> JournalProblems);

/// <summary>An experiment.</summary>
/// <param name="Deciding">The expectation and number that decided.</param>
/// <param name="Delivery">Delivery times over the whole experiment; null when nothing was delivered.</param>
internal sealed record ExperimentSummary(string Id, string Title, string Checklist, string? Mutant, long Seed, Outcome Outcome, string Sentence, double? Seconds,
    DecidingSummary? Deciding, IReadOnlyList<ResultSummary> SteadyBefore, IReadOnlyList<ResultSummary> Expectations, IReadOnlyList<ResultSummary> SteadyAfter,
    IReadOnlyList<FaultSummary> Faults, DeliverySummary? Delivery, IReadOnlyList<OverheadSummary> ProxyOverhead);

/// <summary>What decided; <paramref name="Measure"/> is null when there was no data.</summary>
internal sealed record DecidingSummary(string Expectation, MeasureSummary? Measure);

/// <summary>An expectation's result.</summary>
internal sealed record ResultSummary(string Id, string Check, ExpectationOutcome Outcome, string Statistic, string Sentence, IReadOnlyList<MeasureSummary> Measures);

/// <summary>A number beside its threshold.</summary>
internal sealed record MeasureSummary(string Name, double? Value, string Comparison, double? Threshold, string Unit, long Sample, bool Ok, double? Low, double? High);

/// <summary>A fault and the proof that it hit traffic.</summary>
internal sealed record FaultSummary(string Name, string Type, string Link, int Occurrences, double SecondsOn, long? Hits, int Connections, long Items, int Ended);

/// <summary>Delivery times in milliseconds.</summary>
internal sealed record DeliverySummary(long Messages, double? P50Ms, double? P95Ms, double? P99Ms, double? MaxMs);

/// <summary>What the proxy cost on a link, in microseconds: percentiles of the median second, and the worst second's p99.</summary>
internal sealed record OverheadSummary(string Link, long Items, double? P50Us, double? P99Us, double? WorstP99Us);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n",
    Converters = [typeof(OutcomeConverter), typeof(ExpectationOutcomeConverter)])]
[JsonSerializable(typeof(SummaryDocument))]
[JsonSerializable(typeof(KillMatrixDocument))]
[JsonSerializable(typeof(Sensitivity.SensitivityDocument))]
internal sealed partial class ReportJson : JsonSerializerContext;

internal sealed class OutcomeConverter() : JsonStringEnumConverter<Outcome>(System.Text.Json.JsonNamingPolicy.KebabCaseLower);

internal sealed class ExpectationOutcomeConverter() : JsonStringEnumConverter<ExpectationOutcome>(System.Text.Json.JsonNamingPolicy.KebabCaseLower);
