using System.CommandLine;
using Chaos.Cli.Composition;
using Chaos.Cli.Hosting;
using Chaos.Cli.Terminal;
using Chaos.Experiments.Verdicts;
using Chaos.Journal.Verdicts;
using Chaos.Mutants;
using Spectre.Console;

namespace Chaos.Cli.Commands;

/// <summary><c>chaos mutants</c>: shows that every experiment catches what it is for.</summary>
internal static class MutantsCommand
{
    public static Command Create()
    {
        var gateway = new GatewayArguments();
        var arguments = new ExperimentArguments { DefaultPath = gateway.Folder };
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
        gateway.AddTo(command);
        command.Options.Add(mutant);
        command.Options.Add(list);
        command.SetAction(async (parsed, cancel) =>
        {
            if (parsed.GetValue(list))
            {
                PrintMutants();
                return ExitCodes.Of(Outcome.Passed);
            }

            if (arguments.Load(parsed) is not { } loaded) return ExitCodes.Usage;
            var planned = MutantSuite.Of(gateway.Apply(parsed, loaded), parsed.GetValue(mutant) ?? []);
            if (planned.Count == 0) throw new UsageException("none of the chosen experiments names a mutant.");
            var plan = RunPlan.Create(parsed, options, "mutants", arguments, [.. gateway.Words(parsed)]);
            using var lifetime = Lifetime.OfUser();
            var (matrix, verdict) = await MutantSuite.RunAsync(plan, planned, parsed.GetValue(options.Jobs), lifetime.Ending);
            if (plan.Json) Console.Out.WriteLine(await File.ReadAllTextAsync(Path.Combine(plan.Folder, "matrix.json"), cancel));
            else MatrixTable.Print(matrix, verdict, plan.Folder);
            if (lifetime.Ending.IsCancellationRequested) return ExitCodes.Of(Outcome.Interrupted);
            return matrix.Rows.All(r => r.ForTheRightReason) ? ExitCodes.Of(Outcome.Passed) : ExitCodes.Of(Outcome.Deviated);
        });
        return command;
    }

    private static void PrintMutants()
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("mutant", "what is broken in it");
        foreach (var mutant in MutantCatalogue.All) table.AddRow(new Text(mutant.Name), new Text(mutant.Summary));
        Screen.Write(table);
    }
}
