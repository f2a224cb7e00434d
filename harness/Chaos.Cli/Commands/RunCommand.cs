using System.CommandLine;
using Chaos.Cli.Composition;
using Chaos.Cli.Hosting;
using Chaos.Cli.Terminal;
using Chaos.Experiments.Engine.Alerting;
using Chaos.Experiments.Verdicts;

namespace Chaos.Cli.Commands;

/// <summary><c>chaos run</c>: the main job.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var gateway = new GatewayArguments();
        var arguments = new ExperimentArguments { DefaultPath = gateway.Folder };
        var options = new RunOptions();
        var live = new LiveArguments();
        var command = new Command("run",
            """
            Runs experiments: starts a gateway, its store and the proxy, connects real clients, injects the faults, judges what happened,
            and writes a report. Without a path it runs the whole checklist. With --gateway it breaks a gateway of your own instead: it starts
            the proxy alone, and runs what needs nothing of a gateway but WebSocket.

            Exit code: 0 passed, 1 deviated, 2 inconclusive, 3 baseline not met, 4 aborted, 5 probe error, 64 unusable file or flags,
            70 internal error, 130 interrupted. A suite exits with its worst.
            """);
        arguments.AddTo(command);
        options.AddTo(command);
        options.AddJobsTo(command);
        var alerts = new AlertingArguments();
        alerts.AddTo(command);
        gateway.AddTo(command);
        command.Options.Add(live.Ui);
        command.SetAction(async (parsed, cancel) =>
        {
            if (arguments.Load(parsed) is not { } loaded) return ExitCodes.Usage;
            var experiments = gateway.Apply(parsed, loaded);
            var programs = alerts.Programs(parsed, experiments);
            var plan = RunPlan.Create(parsed, options, "run", arguments, [.. gateway.Words(parsed), .. alerts.Words(parsed)]);
            using var lifetime = Lifetime.OfUser();
            await using var page = await live.StartAsync(parsed, plan);
            var (verdict, _) = await Suite.RunAsync(plan, Suite.Of(experiments), parsed.GetValue(options.Jobs), page, lifetime.Ending,
                programs is null ? null : new AlertingSetup(programs, Path.Combine(plan.Folder, "alerting")));
            if (plan.Json) Console.Out.WriteLine(await File.ReadAllTextAsync(Path.Combine(plan.Folder, "summary.json"), cancel));
            else VerdictTable.Print(verdict, plan.Folder);
            return ExitCodes.Of(verdict.Outcome);
        });
        return command;
    }
}
