using System.CommandLine;
using Chaos.Benchmarks.Measuring;
using Chaos.Benchmarks.Output;

namespace Chaos.Benchmarks.Commands;

/// <summary><c>memory</c>: what an idle proxied connection costs.</summary>
internal static class MemoryCommand
{
    public static Command Create()
    {
        var rounds = BenchmarkOptions.Number("--rounds", "Rounds, each in fresh processes, whose medians are shown.", 3, 1, 100);
        // Each connection takes four descriptors on this machine, two of them in the proxy, and two loopback ports.
        var connections = BenchmarkOptions.Number("--connections", "Idle connections to open.", 2000, 100, 10_000);
        var (baselineOnly, json) = (BenchmarkOptions.WithoutChaos(), BenchmarkOptions.Json());
        var command = new Command("memory",
            """
            Memory of an idle proxied WebSocket connection: the proxy beside plain YARP, each in fresh processes.

            Taken after full collections, before and with the idle connections; each has carried a 64 B and a 16 KiB message first.
            """) { rounds, connections, baselineOnly, json };
        command.SetAction(async (parsed, ct) =>
        {
            var load = MachineFacts.ReadLoad();
            string[] variants = parsed.GetValue(baselineOnly) ? [Variants.Yarp] : [Variants.Yarp, Variants.Chaos];
            var results = variants.ToDictionary(v => v, _ => new List<MemoryRound>());
            for (var round = 0; round < parsed.GetValue(rounds); round++)
                foreach (var variant in variants)
                {
                    ct.ThrowIfCancellationRequested();
                    Console.Error.WriteLine($"round {round + 1} of {parsed.GetValue(rounds)}: {variant}");
                    results[variant].Add(await MemoryBenchmark.RunAsync(variant, parsed.GetValue(connections)));
                }

            var report = new MemoryReport([.. results.Select(r => new MemorySeries(r.Key, r.Value))], MachineFacts.Read(load), parsed.GetValue(rounds), parsed.GetValue(connections));
            MemoryTable.Print(report);
            JsonOutput.Write(parsed.GetValue(json), report);
            return 0;
        });
        return command;
    }
}
