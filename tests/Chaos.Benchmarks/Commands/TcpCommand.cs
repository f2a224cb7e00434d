using System.CommandLine;
using Chaos.Benchmarks.Measuring;

namespace Chaos.Benchmarks.Commands;

/// <summary><c>tcp</c>: request and response, and bulk, beside HAProxy.</summary>
internal static class TcpCommand
{
    private static readonly int[] MessageBytes = [64, 16 * 1024];
    private static readonly string[] All = [Peers.Direct, Peers.Sockets, Peers.Haproxy, Peers.Again(Peers.Haproxy), Peers.Chaos, Peers.ChaosIdleFault];

    public static Command Create()
    {
        var run = new SideBySideRun();
        var connections = BenchmarkOptions.Numbers("--connections", "Numbers of connections to measure at.", [1, 32, 1000], 1, 2000);
        var command = new Command("tcp",
            """
            TCP: messages of 64 B and 16 KiB there and back, and bulk one way and both, through the proxy, HAProxy, bare socket loops, and direct.

            Each server is a process of its own. In every round the peers take turns in short slices, in an order that rotates; ratios are
            taken within a round.
            """) { connections };
        run.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            Cell[] cells =
            [
                .. MessageBytes.SelectMany(bytes => parsed.GetValue(connections)!.Select(n => new Cell(Protocol.Tcp, Work.RequestResponse, bytes, n))),
                .. new[] { Work.Download, Work.BothWays }.SelectMany(work => parsed.GetValue(connections)!.Select(n => new Cell(Protocol.Tcp, work, 0, n))),
            ];
            run.WriteJson(parsed, await run.MeasureAsync(parsed, "TCP", Protocol.Tcp, All, cells, new Goals(Peers.Haproxy, 1.0, 1.2, [Peers.Chaos])));
            return 0;
        });
        return command;
    }
}
