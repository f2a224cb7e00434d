using System.CommandLine;
using Chaos.Cli.Composition;
using Chaos.Cli.Hosting;
using Chaos.Cli.Terminal;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Verdicts;
using Chaos.Journal.Verdicts;
using Chaos.Reports;
using Chaos.Reports.Trend;

namespace Chaos.Cli.Commands;

/// <summary><c>chaos nightly</c>: the whole suite with a fresh seed and the mutants, beside the nights before.</summary>
internal static class NightlyCommand
{
    public static Command Create()
    {
        var arguments = new ExperimentArguments();
        var options = new RunOptions();
        var nights = new NightlyOptions();
        var command = new Command("nightly",
            """
            Runs the suite with a fresh seed, then the mutants that it must catch, compares every number with the last nights, and keeps
            this one. Numbers that got worse than chance explains are flagged before they cross their threshold; experiments whose outcome
            changes by itself are named. Writes trend.html, trend.md, trend.json and junit-trend.xml, the suite's reports under suite/, and
            the mutants' under mutants/.

            Exit code: that of the suite as of chaos run; 1 also when a mutant survived; 6 when all of that is well, and a number got worse.
            An interrupted night (130) is not kept.
            """);
        arguments.AddTo(command);
        options.AddTo(command);
        options.AddJobsTo(command);
        nights.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            if (arguments.Load(parsed) is not { } experiments) return ExitCodes.Usage;
            var accepted = nights.AcceptedOf(parsed, experiments);
            var folder = nights.FolderOf(parsed);
            var plan = RunPlan.Create(parsed, options, "nightly", arguments, nights.Words(parsed));
            var history = folder.Read();
            using var lifetime = Lifetime.OfUser();
            var say = plan.Json ? Console.Error : Console.Out;
            await say.WriteLineAsync($"Night {plan.Identity.Name}: seed {plan.Identity.Seed}. Repeat with: {plan.Identity.Command}");

            var tonight = await SuiteAsync(plan, experiments, accepted, parsed.GetValue(options.Jobs), lifetime.Ending);
            if (!parsed.GetValue(nights.NoMutants) && !lifetime.Ending.IsCancellationRequested)
                tonight = tonight.With(await MutantsAsync(plan, experiments, parsed.GetValue(options.Jobs), lifetime.Ending));

            var trend = NightlyTrend.Of(history, tonight, new TrendRules(parsed.GetValue(nights.Nights)));
            TrendReport.WriteAll(trend, plan.Folder);
            var interrupted = lifetime.Ending.IsCancellationRequested;
            var kept = interrupted ? null : folder.Add(tonight);
            if (plan.Json) Console.Out.WriteLine(await File.ReadAllTextAsync(Path.Combine(plan.Folder, "trend.json"), cancel));
            else TrendTable.Print(trend, plan.Folder, kept);
            await say.WriteLineAsync($"Seed {plan.Identity.Seed}. Repeat with: {plan.Identity.Command}");
            return interrupted ? ExitCodes.Of(Outcome.Interrupted) : Code(trend);
        });
        return command;
    }

    // The journal of a whole suite takes hundreds of megabytes: what is kept of it is made here, before the mutants run.
    private static async Task<Night> SuiteAsync(RunPlan plan, IReadOnlyList<ExperimentDefinition> experiments, IReadOnlyList<string> accepted, int jobs, CancellationToken ending)
    {
        var part = plan.Part("suite", "run");
        var (verdict, journal) = await Suite.RunAsync(part, Suite.Of(experiments), jobs, page: null, ending);
        if (!plan.Json) VerdictTable.Print(verdict, part.Folder);
        return NightOf.Of(journal, verdict, plan.Identity.Command, accepted);
    }

    private static async Task<KillMatrix> MutantsAsync(RunPlan plan, IReadOnlyList<ExperimentDefinition> experiments, int jobs, CancellationToken ending)
    {
        // A part chosen with --only may name none.
        var planned = MutantSuite.Of(experiments);
        if (planned.Count == 0) return new KillMatrix([]);
        var part = plan.Part("mutants", "mutants");
        var (matrix, verdict) = await MutantSuite.RunAsync(part, planned, jobs, ending);
        if (!plan.Json) MatrixTable.Print(matrix, verdict, part.Folder);
        return matrix;
    }

    private static int Code(NightlyTrend trend)
    {
        if (trend.Tonight.Outcome is not (Outcome.Passed or Outcome.Deviated)) return ExitCodes.Of(trend.Tonight.Outcome);
        if (trend.Tonight.Outcome == Outcome.Deviated || trend.Survivors.Any()) return ExitCodes.Of(Outcome.Deviated);
        return trend.Worse.Any() ? ExitCodes.Worse : ExitCodes.Of(Outcome.Passed);
    }
}
