using System.CommandLine;
using Chaos.Benchmarks.Measuring;

namespace Chaos.Benchmarks.Commands;

/// <summary><c>websocket</c>: echo throughput and round trips, beside plain YARP.</summary>
internal static class WebSocketCommand
{
    private static readonly int[] PayloadsBytes = [64, 16 * 1024];
    private static readonly string[] All = [Peers.Direct, Peers.Yarp, Peers.Again(Peers.Yarp), Peers.Haproxy, Peers.Chaos, Peers.ChaosIdleFault];

    public static Command Create()
    {
        var run = new SideBySideRun();
        var connections = BenchmarkOptions.Numbers("--connections", "Numbers of connections to measure at.", [1, 32, 1000], 1, 2000);
        var command = new Command("websocket",
            """
            WebSocket echo of 64 B and 16 KiB messages through the proxy, plain YARP, HAProxy, and direct.

            Each server is a process of its own. In every round the peers take turns in short slices, in an order that rotates; ratios are
            taken within a round.
            """) { connections };
        run.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            Cell[] cells = [.. PayloadsBytes.SelectMany(bytes => parsed.GetValue(connections)!.Select(n => new Cell(Protocol.WebSocket, Work.RequestResponse, bytes, n)))];
            run.WriteJson(parsed, await run.MeasureAsync(parsed, "WebSocket", Protocol.WebSocket, All, cells, new Goals(Peers.Yarp, 0.97, 1.1, [Peers.Chaos, Peers.ChaosIdleFault])));
            return 0;
        });
        return command;
    }
}
