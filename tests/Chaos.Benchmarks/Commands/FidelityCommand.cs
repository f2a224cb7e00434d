using System.CommandLine;
using Chaos.Benchmarks.Measuring;
using Chaos.Benchmarks.Output;

namespace Chaos.Benchmarks.Commands;

/// <summary><c>fidelity</c>: how exact delays and rates are.</summary>
internal static class FidelityCommand
{
    private const double DelayMs = 50;

    public static Command Create()
    {
        var rounds = BenchmarkOptions.Rounds(5);
        var seconds = BenchmarkOptions.Number("--seconds", "Seconds measured with the fault, and as many without it, in each round.", 5, 1, 600);
        var perSecond = BenchmarkOptions.Number("--rate", "Messages per second.", 10_000, 100, 100_000);
        var connections = BenchmarkOptions.Number("--connections", "Connections they go over, in turn.", 100, 1, 2000);
        var json = BenchmarkOptions.Json();
        var command = new Command("fidelity",
            """
            How exact the proxy's faults are: a delay of 50 ms under a steady load one way, and rates from 1 KB/s to 100 MB/s.

            The delay's error is told twice: by the proxy's ledger for each item, and by the load generator end to end, beside the same load without the fault.
            """) { rounds, seconds, perSecond, connections, json };
        command.SetAction(async (parsed, _) =>
        {
            var load = MachineFacts.ReadLoad();
            var benchmark = new DelayBenchmark(DelayMs, parsed.GetValue(perSecond), parsed.GetValue(connections), TimeSpan.FromSeconds(parsed.GetValue(seconds)));
            var delays = new List<DelaySeries>();
            foreach (var protocol in Enum.GetValues<Protocol>())
            foreach (var way in Enum.GetValues<Way>())
                delays.Add(await benchmark.RunAsync(protocol, way, parsed.GetValue(rounds), Console.Error.WriteLine));
            var rates = await RateBenchmark.RunAsync(parsed.GetValue(rounds), Console.Error.WriteLine);
            var report = new FidelityReport(DelayMs, parsed.GetValue(perSecond), parsed.GetValue(connections), delays, rates, MachineFacts.Read(load), parsed.GetValue(rounds));
            FidelityTable.Print(report);
            JsonOutput.Write(parsed.GetValue(json), report);
            return 0;
        });
        return command;
    }
}
