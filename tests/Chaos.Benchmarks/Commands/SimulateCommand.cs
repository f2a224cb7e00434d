using System.CommandLine;
using Chaos.Benchmarks.Measuring;
using Chaos.Benchmarks.Output;

namespace Chaos.Benchmarks.Commands;

/// <summary><c>simulate</c>: time and memory of <c>chaos simulate</c>.</summary>
internal static class SimulateCommand
{
    public static Command Create()
    {
        var rounds = BenchmarkOptions.Rounds(3);
        var clients = BenchmarkOptions.Numbers("--clients", "Numbers of clients to simulate.", [250_000, 500_000, 1_000_000], 1_000, 10_000_000);
        var json = BenchmarkOptions.Json();
        var command = new Command("simulate",
            """
            Time and memory of chaos simulate, by the number of clients, in fresh processes: from the start of the program to its last report.

            The goals are a million clients in 60 s and 2 GiB, and twice the clients in at most 2.2 times the time.
            """) { rounds, clients, json };
        command.SetAction(async (parsed, cancel) =>
        {
            var load = MachineFacts.ReadLoad();
            var results = parsed.GetValue(clients)!.Distinct().Order().ToDictionary(n => n, _ => new List<SimulationRound>());
            for (var round = 0; round < parsed.GetValue(rounds); round++)
                foreach (var (number, done) in results)
                {
                    Console.Error.WriteLine($"round {round + 1} of {parsed.GetValue(rounds)}: {number:N0} clients");
                    done.Add(await SimulationBenchmark.RunAsync(number, cancel));
                }

            var report = new SimulationReport([.. results.Select(r => new SimulationSeries(r.Key, r.Value))], MachineFacts.Read(load), parsed.GetValue(rounds));
            SimulationTable.Print(report);
            JsonOutput.Write(parsed.GetValue(json), report);
            return 0;
        });
        return command;
    }
}
