using System.CommandLine;
using Chaos.Benchmarks.Measuring;

namespace Chaos.Benchmarks.Commands;

/// <summary><c>connect</c>: connections per second.</summary>
internal static class ConnectCommand
{
    private static readonly string[] OverTcp = [Peers.Direct, Peers.Sockets, Peers.Haproxy, Peers.Again(Peers.Haproxy), Peers.Chaos];
    private static readonly string[] OverWebSocket = [Peers.Direct, Peers.Yarp, Peers.Again(Peers.Yarp), Peers.Haproxy, Peers.Chaos];

    public static Command Create()
    {
        var run = new SideBySideRun();
        var clients = BenchmarkOptions.Numbers("--clients", "Numbers of clients that open connections at the same time.", [1, 32], 1, 500);
        var command = new Command("connect",
            """
            Connections per second: TCP (connect, 64 B there and back, end) and WebSocket (connect, handshake, closing handshake).

            Every connection is closed in order, and counted when the other side has ended too.
            """) { clients };
        run.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            var tcp = await run.MeasureAsync(parsed, "TCP connections", Protocol.Tcp, OverTcp, Cells(Protocol.Tcp), new Goals(Peers.Haproxy, null, null, []));
            var webSocket = await run.MeasureAsync(parsed, "WebSocket connections", Protocol.WebSocket, OverWebSocket, Cells(Protocol.WebSocket), new Goals(Peers.Yarp, null, null, []));
            run.WriteJson(parsed, tcp, webSocket);
            return 0;

            Cell[] Cells(Protocol protocol) => [.. parsed.GetValue(clients)!.Select(n => new Cell(protocol, Work.Connect, 0, n))];
        });
        return command;
    }
}
