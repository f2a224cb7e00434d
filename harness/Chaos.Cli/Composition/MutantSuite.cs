using Chaos.Cli.Hosting;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Engine.Runs;
using Chaos.Experiments.Verdicts;
using Chaos.Journal.Verdicts;
using Chaos.Mutants;
using Chaos.Reports;

namespace Chaos.Cli.Composition;

/// <summary>Experiments with the mutants that they must catch, and what became of these.</summary>
internal static class MutantSuite
{
    /// <summary>Each experiment with each of its mutants.</summary>
    /// <param name="only">Only these mutants; all where it is empty.</param>
    /// <exception cref="UsageException">No experiment names one of <paramref name="only"/>.</exception>
    public static IReadOnlyList<PlannedRun> Of(IReadOnlyList<ExperimentDefinition> experiments, params string[] only)
    {
        foreach (var name in only.Where(n => !experiments.Any(e => e.Mutants.Any(m => m.Name == n))))
            throw new UsageException($"--mutant {name}: no chosen experiment names it.");
        return [.. experiments.SelectMany(e => e.Mutants.Where(m => only.Length == 0 || only.Contains(m.Name)).Select(m => new PlannedRun(With(m.Name, e), m.Name)))];
    }

    /// <summary>Runs them, and writes the matrix beside the other reports.</summary>
    public static async Task<(KillMatrix Matrix, RunVerdict Verdict)> RunAsync(RunPlan plan, IReadOnlyList<PlannedRun> planned, int jobs, CancellationToken ending)
    {
        var (verdict, _) = await Suite.RunAsync(plan, planned, jobs, page: null, ending);
        var matrix = Matrix(planned, verdict);
        MatrixReport.WriteAll(matrix, plan.Folder);
        return (matrix, verdict);
    }

    // Alerts are part of the experiment; clients and gateways are started as the mutant they are named after.
    private static ExperimentDefinition With(string mutant, ExperimentDefinition experiment) => MutantCatalogue.Find(mutant) is AlertMutant broken && experiment.Alerts is { } alerts
        ? experiment with { Alerts = broken.Change(alerts) }
        : experiment;

    private static KillMatrix Matrix(IReadOnlyList<PlannedRun> planned, RunVerdict verdict) => new([.. planned.Select(run =>
    {
        var by = run.Experiment.Mutants.First(m => m.Name == run.Mutant).KilledBy;
        var judged = verdict.Experiments.FirstOrDefault(v => v.Id == run.Experiment.Id && v.Mutant == run.Mutant);
        var killed = judged?.Outcome == Outcome.Deviated;
        var rightly = judged is not null && Judge.Kills(judged, by);
        var sentence = judged?.Expectations.FirstOrDefault(x => x.Id == by)?.Sentence ?? judged?.Sentence
            ?? verdict.Skipped.FirstOrDefault(s => s.Id == run.Id)?.Reason ?? "not run";
        return new KillRow(run.Mutant!, run.Experiment.Id, by, killed || rightly, rightly, judged is null ? "not run" : ExitCodes.NameOf(judged.Outcome), sentence);
    })]);
}
