using Chaos.Cli.Terminal;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Engine.Alerting;
using Chaos.Experiments.Engine.Runs;
using Chaos.Journal.IO;
using Chaos.Journal.Verdicts;
using Chaos.Live.Hosting;
using Chaos.Reports;

namespace Chaos.Cli.Composition;

/// <summary>A run from its plan to its reports: what every command does that runs experiments.</summary>
internal static class Suite
{
    /// <summary>Runs, shows how it goes, and writes journal and reports into the plan's folder.</summary>
    /// <param name="jobs">How many of the experiments that share the machine run at a time.</param>
    /// <param name="page">Shows it in a browser as well; null for the terminal alone.</param>
    /// <param name="ending">Ends the run early; the reports are written all the same.</param>
    /// <param name="alerting">Programs that evaluate and deliver alerts; null where they are evaluated over the journal's readings.</param>
    /// <returns>The verdict, and the journal that it is about.</returns>
    public static async Task<(RunVerdict Verdict, JournalContent Journal)> RunAsync(RunPlan plan, IReadOnlyList<PlannedRun> planned, int jobs, LivePage? page, CancellationToken ending,
        AlertingSetup? alerting = null)
    {
        using var progress = Progress.For(plan.Json);
        progress.Begin(plan.Identity, planned.Count);
        if (page is not null) progress.Note($"Live page: {page.Address}");
        await using var services = RunPlan.Services(page is null ? progress : new PageObserver(progress, page), alerting);
        var verdict = await new RunSession(plan.Identity, services, plan.Clock, jobs).RunAsync(planned, ending);
        var journal = JournalReader.Read(plan.Identity.JournalPath);
        ReportWriter.WriteAll(journal, verdict, plan.Folder);
        return (verdict, journal);
    }

    /// <summary>The experiments as they are, without a mutant.</summary>
    public static IReadOnlyList<PlannedRun> Of(IEnumerable<ExperimentDefinition> experiments) => [.. experiments.Select(e => new PlannedRun(e, null))];
}
