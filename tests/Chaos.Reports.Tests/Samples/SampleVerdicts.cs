using Chaos.Journal.Verdicts;

namespace Chaos.Reports.Tests.Samples;

/// <summary>Builds verdicts for tests.</summary>
internal static class SampleVerdicts
{
    public static RunVerdict Run(Outcome outcome, IReadOnlyList<ExperimentVerdict> experiments, params SkippedExperiment[] skipped) =>
        new("2026-09-21-0007", 7, "./chaos run --seed 7", outcome, experiments, skipped, []);

    public static ExperimentVerdict Experiment(string id, Outcome outcome, string sentence, IReadOnlyList<ExpectationResult> expectations,
        string title = "A title", string checklist = "A line", IReadOnlyDictionary<string, long>? hits = null, double seconds = 12.5) =>
        new(id, title, checklist, null, 42, outcome, sentence, [Steady(id + "-before")], [Steady(id + "-after")], expectations,
            hits ?? new Dictionary<string, long>(), seconds);

    public static ExpectationResult Met(string id, string check, string statistic, string sentence, params Measure[] measures) =>
        new(id, check, ExpectationOutcome.Met, statistic, sentence, measures.FirstOrDefault(), measures);

    public static ExpectationResult Broken(string id, string check, string statistic, string sentence, params Measure[] measures) =>
        new(id, check, ExpectationOutcome.Broken, statistic, sentence, measures.FirstOrDefault(m => !m.Ok), measures);

    private static ExpectationResult Steady(string id) =>
        Met(id, "delivery_latency", "percentile with 99 % bootstrap interval", "Messages arrive in time.", new Measure("p99", 6.2, 100, "ms", 2_400, true, Low: 5.8, High: 7.1));
}
