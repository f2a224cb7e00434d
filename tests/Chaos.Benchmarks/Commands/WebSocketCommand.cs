using System.CommandLine;
using Chaos.Benchmarks.Measuring;
using Chaos.Benchmarks.Output;
using Chaos.Benchmarks.Processes;

namespace Chaos.Benchmarks.Commands;

/// <summary><c>websocket</c>: echo throughput and round trips, side by side.</summary>
internal static class WebSocketCommand
{
    private static readonly int[] PayloadsBytes = [64, 16 * 1024];

    public static Command Create()
    {
        var rounds = BenchmarkOptions.Number("--rounds", "Rounds, whose medians are shown.", 7, 1, 1000);
        var seconds = BenchmarkOptions.Number("--seconds", "Seconds measured per variant, cell and round.", 2, 1, 600);
        var connections = new Option<int[]>("--connections") { Description = "Numbers of connections to measure at.", DefaultValueFactory = _ => [1, 32], AllowMultipleArgumentsPerToken = true };
        connections.Validators.Add(result =>
        {
            if (result.Tokens.Any(t => int.TryParse(t.Value, out var n) && n is < 1 or > 1000)) result.AddError("--connections must be 1 to 1000.");
        });
        var noControl = new Option<bool>("--no-control") { Description = "Leave out the second process of plain YARP, whose ratio to the first shows the noise. Saves a quarter of the time." };
        var (baselineOnly, json, check) = (BenchmarkOptions.WithoutChaos(), BenchmarkOptions.Json(), BenchmarkOptions.Check());
        var command = new Command("websocket",
            """
            WebSocket echo of 64 B and 16 KiB messages: direct, through plain YARP, and through the proxy with no fault.

            Each server is a process of its own. In every round the variants take turns in short slices, in an order that rotates;
            ratios are taken within a round. With the defaults it takes about six minutes.
            """) { rounds, seconds, connections, noControl, baselineOnly, json, check };
        command.SetAction(async (parsed, _) =>
        {
            var load = MachineFacts.ReadLoad();
            Cell[] cells = [.. PayloadsBytes.SelectMany(size => parsed.GetValue(connections)!.Select(n => new Cell(size, n)))];
            List<string> variants = [Variants.Direct, Variants.Yarp];
            if (!parsed.GetValue(noControl)) variants.Add(Variants.Control);
            if (!parsed.GetValue(baselineOnly)) variants.Add(Variants.Chaos);

            await using var servers = await ServerSet.StartAsync(variants);
            var benchmark = new EchoBenchmark(servers.Contenders, parsed.GetValue(rounds), TimeSpan.FromSeconds(parsed.GetValue(seconds)), Console.Error.WriteLine);
            var report = new EchoReport(benchmark.Run(cells), MachineFacts.Read(load), parsed.GetValue(rounds), parsed.GetValue(seconds));
            EchoTable.Print(report);
            JsonOutput.Write(parsed.GetValue(json), report);
            return parsed.GetValue(check) && !report.GoalsReached ? 1 : 0;
        });
        return command;
    }
}
