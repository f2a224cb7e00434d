using System.CommandLine;
using Chaos.Benchmarks.Measuring;
using Chaos.Benchmarks.Output;
using Chaos.Benchmarks.Processes;

namespace Chaos.Benchmarks.Commands;

/// <summary><c>memory</c>: what an idle proxied connection costs.</summary>
internal static class MemoryCommand
{
    private static readonly (Protocol Protocol, string Peer)[] All =
    [
        (Protocol.Tcp, Peers.Sockets), (Protocol.Tcp, Peers.Haproxy), (Protocol.Tcp, Peers.Chaos),
        (Protocol.WebSocket, Peers.Haproxy), (Protocol.WebSocket, Peers.Yarp), (Protocol.WebSocket, Peers.Chaos),
    ];

    public static Command Create()
    {
        var rounds = BenchmarkOptions.Rounds(3);
        // Each connection takes four descriptors on this machine, two of them in the proxy, and two loopback ports.
        var connections = BenchmarkOptions.Numbers("--connections", "Numbers of idle connections to open.", [1000, 4000], 100, 9000);
        var (only, json) = (BenchmarkOptions.Only(), BenchmarkOptions.Json());
        var command = new Command("memory",
            """
            Memory of an idle proxied connection, TCP and WebSocket, beside HAProxy, plain YARP and bare socket loops, each in fresh processes.

            Taken after full collections, before and with the idle connections; each has carried a 64 B and a 16 KiB message first.
            """) { rounds, connections, only, json };
        command.SetAction(async (parsed, ct) =>
        {
            var load = MachineFacts.ReadLoad();
            var chosen = parsed.GetValue(only)!;
            var installed = PeerSet.Installed(All.Select(p => p.Peer).Distinct());
            var cells = All.Where(p => installed.Contains(p.Peer) && (chosen.Length == 0 || chosen.Contains(p.Peer)))
                .SelectMany(p => parsed.GetValue(connections)!.Select(n => (p.Protocol, p.Peer, Connections: n))).ToArray();
            var results = cells.ToDictionary(cell => cell, _ => new List<MemoryRound>());
            for (var round = 0; round < parsed.GetValue(rounds); round++)
                foreach (var cell in cells)
                {
                    ct.ThrowIfCancellationRequested();
                    Console.Error.WriteLine($"round {round + 1} of {parsed.GetValue(rounds)}: {cell}");
                    results[cell].Add(await MemoryBenchmark.RunAsync(cell.Protocol, cell.Peer, cell.Connections));
                }

            var series = results.OrderBy(r => r.Key.Protocol).ThenBy(r => r.Key.Connections).Select(r => new MemorySeries(r.Key.Protocol, r.Key.Peer, r.Key.Connections, r.Value));
            var report = new MemoryReport([.. series], MachineFacts.Read(load), parsed.GetValue(rounds));
            MemoryTable.Print(report);
            JsonOutput.Write(parsed.GetValue(json), report);
            return 0;
        });
        return command;
    }
}
