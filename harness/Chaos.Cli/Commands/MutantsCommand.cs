using System.CommandLine;
using Chaos.Cli.Composition;
using Chaos.Cli.Hosting;
using Chaos.Cli.Terminal;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Engine.Runs;
using Chaos.Experiments.Verdicts;
using Chaos.Journal.IO;
using Chaos.Journal.Verdicts;
using Chaos.Mutants;
using Chaos.Reports;
using Spectre.Console;
using Progress = Chaos.Cli.Terminal.Progress;

namespace Chaos.Cli.Commands;

/// <summary><c>chaos mutants</c>: shows that every experiment catches what it is for.</summary>
internal static class MutantsCommand
{
    public static Command Create()
    {
        var arguments = new ExperimentArguments();
        var options = new RunOptions();
        var mutant = new Option<string[]>("--mutant") { Description = "Only this mutant. May be repeated.", HelpName = "NAME" };
        var list = new Option<bool>("--list") { Description = "List every mutant and what is broken in it; run nothing." };
        var command = new Command("mutants",
            """
            Runs each experiment against the broken clients, gateways and alerts that it must catch, and prints the kill matrix. A mutant counts
            as killed only when the expectation that is about its defect is the one that breaks. Exit code 1 when any survives.
            """);
        arguments.AddTo(command);
        options.AddTo(command);
        options.AddJobsTo(command);
        command.Options.Add(mutant);
        command.Options.Add(list);
        command.SetAction(async (parsed, cancel) =>
        {
            if (parsed.GetValue(list))
            {
                PrintMutants();
                return ExitCodes.Of(Outcome.Passed);
            }

            if (arguments.Load(parsed) is not { } experiments) return ExitCodes.Usage;
            var planned = Plan(experiments, parsed.GetValue(mutant) ?? []);
            var plan = RunPlan.Create(parsed, options, "mutants", arguments);
            using var lifetime = Lifetime.OfUser();
            using var progress = Progress.For(plan.Json);
            progress.Begin(plan.Identity, planned.Count);
            var verdict = await new RunSession(plan.Identity, RunPlan.Services(progress), plan.Clock, parsed.GetValue(options.Jobs)).RunAsync(planned, lifetime.Ending);
            ReportWriter.WriteAll(JournalReader.Read(plan.Identity.JournalPath), verdict, plan.Folder);
            var matrix = Matrix(planned, verdict);
            MatrixReport.WriteAll(matrix, plan.Folder);
            if (plan.Json) Console.Out.WriteLine(await File.ReadAllTextAsync(Path.Combine(plan.Folder, "matrix.json"), cancel));
            else MatrixTable.Print(matrix, verdict, plan.Folder);
            if (lifetime.Ending.IsCancellationRequested) return ExitCodes.Of(Outcome.Interrupted);
            return matrix.Rows.All(r => r.ForTheRightReason) ? ExitCodes.Of(Outcome.Passed) : ExitCodes.Of(Outcome.Deviated);
        });
        return command;
    }

    private static List<PlannedRun> Plan(IReadOnlyList<ExperimentDefinition> experiments, string[] only)
    {
        foreach (var name in only.Where(n => !experiments.Any(e => e.Mutants.Any(m => m.Name == n))))
            throw new UsageException($"--mutant {name}: no chosen experiment names it.");
        var planned = experiments.SelectMany(e => e.Mutants.Where(m => only.Length == 0 || only.Contains(m.Name)).Select(m => new PlannedRun(With(m.Name, e), m.Name))).ToList();
        return planned.Count > 0 ? planned : throw new UsageException("none of the chosen experiments names a mutant.");
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

    private static void PrintMutants()
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("mutant", "what is broken in it");
        foreach (var mutant in MutantCatalogue.All) table.AddRow(new Text(mutant.Name), new Text(mutant.Summary));
        Screen.Write(table);
    }
}
