using System.CommandLine;
using System.Globalization;
using Chaos.Cli.Composition;
using Chaos.Cli.Hosting;
using Chaos.Cli.Terminal;
using Chaos.Client.Parts;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Verdicts;
using Chaos.Mutants;
using Chaos.Reports;
using Chaos.Simulation;
using Chaos.Simulation.Runs;

namespace Chaos.Cli.Commands;

/// <summary><c>chaos simulate</c>: a storm of more clients than any machine carries, in virtual time.</summary>
internal static class SimulateCommand
{
    public static Command Create()
    {
        var arguments = new ExperimentArguments(one: true);
        var options = new RunOptions();
        var clients = new Option<int?>("--clients") { Description = $"Number of clients, 1 to {SimulationOptions.MostClients:N0}. Default: the experiment's fleet.count.", HelpName = "N" };
        var latency = new Option<double>("--latency") { Description = "Milliseconds from a client to the gateway, and as long back, 0 to 10,000.", HelpName = "MS", DefaultValueFactory = _ => 1 };
        var mutant = new Option<string?>("--mutant") { Description = "Simulate this broken client instead of the reference, such as client.fixed-delay.", HelpName = "NAME" };
        var command = new Command("simulate",
            $"""
            Simulates one experiment in virtual time, with up to millions of clients. The clients' backoff and reset rules and the gateway's limits on
            handshakes are the very code that chaos run uses, on the same random streams; sockets, the proxy and the network are modelled. Journal,
            verdict and reports are the same as of a real run, and the same seed gives the same journal byte for byte.

            Try:  chaos simulate experiments/checklist/backoff-storm.yaml --clients 1000000
                  chaos simulate experiments/checklist/backoff-storm.yaml --clients 300 --mutant client.fixed-delay
                  chaos simulate experiments/storms/refused-storm.yaml --clients 300000 --set gateway.limits.handshakes_per_second=20000

            Modelled are the faults {string.Join(" and ", Modelled.Faults.Keys)} on the fleet's link, and the checks {string.Join(", ", Modelled.Checks)}.
            Messages, and what is judged by them, are left out, and it is said what that is. An experiment that asks for more exits with 64, and the
            message says what is not modelled and where. Exit codes are those of chaos run.
            """);
        arguments.AddTo(command);
        command.Options.Add(clients);
        command.Options.Add(latency);
        command.Options.Add(mutant);
        options.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            if (arguments.LoadOne(parsed) is not var (experiment, loaded)) return ExitCodes.Usage;
            var how = Options(experiment, parsed.GetValue(clients) ?? experiment.Fleet.Count, parsed.GetValue(latency), parsed.GetValue(mutant));
            if (Modelled.Errors(experiment, loaded) is { Count: > 0 } errors)
            {
                ErrorPrinter.Print(errors);
                return ExitCodes.Usage;
            }

            var plan = RunPlan.Create(parsed, options, "simulate", arguments, Words(how)).Timeless($"{experiment.Id}-{how.Clients}-clients");
            using var lifetime = Lifetime.OfUser();
            using var progress = Progress.For(plan.Json);
            progress.Begin(plan.Identity, 1);
            var (journal, verdict) = await SimulationSession.RunAsync(plan.Identity, experiment, how, progress, lifetime.Ending);
            ReportWriter.WriteAll(journal, verdict, plan.Folder);
            if (plan.Json) Console.Out.WriteLine(await File.ReadAllTextAsync(Path.Combine(plan.Folder, "summary.json"), cancel));
            else VerdictTable.Print(verdict, plan.Folder);
            return ExitCodes.Of(verdict.Outcome);
        });
        return command;
    }

    private static SimulationOptions Options(ExperimentDefinition experiment, int clients, double latencyMs, string? mutant)
    {
        if (clients is < 1 or > SimulationOptions.MostClients) throw new UsageException($"--clients {clients}: it may be 1 to {SimulationOptions.MostClients:N0}.");
        if (latencyMs is not (>= 0 and <= 10_000)) throw new UsageException($"--latency {latencyMs}: it may be 0 to 10,000 ms.");
        var timeout = experiment.Fleet.Policy.ConnectTimeoutMs;
        if (4 * latencyMs >= timeout)
            throw new UsageException($"--latency {latencyMs}: attempts that time out are not modelled, and connecting takes four times that; fleet.policy.connect_timeout_ms is {timeout:0}.");
        return new SimulationOptions { Clients = clients, LatencyMs = latencyMs, Mutant = mutant, Parts = mutant is null ? ClientParts.Reference : Parts(mutant) };
    }

    private static ClientParts Parts(string name)
    {
        if (MutantCatalogue.Find(name) is not { } found) throw new UsageException($"--mutant {name}: there is no such mutant. See: chaos mutants --list");
        if (found is not ClientMutant mutant) throw new UsageException($"--mutant {name}: mutants of {(found is AlertMutant ? "alerts" : "the gateway")} are not modelled. Catch it for real: chaos mutants --mutant {name}");
        var parts = mutant.Change(ClientParts.Reference);
        var rest = parts with { Backoff = ClientParts.Reference.Backoff, AttemptReset = ClientParts.Reference.AttemptReset };
        return rest == ClientParts.Reference ? parts
            : throw new UsageException($"--mutant {name}: the part that it breaks is not modelled, only backoff and its reset are. Catch it for real: chaos mutants --mutant {name}");
    }

    private static string[] Words(SimulationOptions how) =>
    [
        "--clients", how.Clients.ToString(CultureInfo.InvariantCulture),
        .. how.LatencyMs == 1 ? Array.Empty<string>() : ["--latency", how.LatencyMs.ToString(CultureInfo.InvariantCulture)],
        .. how.Mutant is null ? Array.Empty<string>() : ["--mutant", how.Mutant],
    ];
}
