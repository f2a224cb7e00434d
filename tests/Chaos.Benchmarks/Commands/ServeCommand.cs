using System.CommandLine;
using Chaos.Benchmarks.Servers;

namespace Chaos.Benchmarks.Commands;

/// <summary>One server in this process, for the benchmark that started it. Not for people.</summary>
internal static class ServeCommand
{
    public const string Name = "serve";
    public const string UpstreamOption = "--upstream";
    public const string ProtocolOption = "--protocol";

    public static Command Create()
    {
        var what = new Argument<string>("what");
        var upstream = new Option<string>(UpstreamOption) { DefaultValueFactory = _ => "" };
        var protocol = new Option<Protocol>(ProtocolOption);
        var command = new Command(Name, "One server, until standard input ends.") { what, upstream, protocol };
        command.Hidden = true;
        command.SetAction(async (parsed, ct) =>
        {
            await using var server = await StartAsync(parsed.GetValue(what)!, parsed.GetValue(protocol), parsed.GetValue(upstream)!);
            await ControlLine.ServeAsync(server, ct);
            return 0;
        });
        return command;
    }

    private static Task<IBenchmarkServer> StartAsync(string what, Protocol protocol, string upstream) => what switch
    {
        Peers.TcpServer => Task.FromResult(TcpServer.Start()),
        Peers.WebSocketServer => WebSocketServer.StartAsync(),
        Peers.Sockets => Task.FromResult(SocketRelay.Start(upstream)),
        Peers.Yarp => PlainYarpServer.StartAsync(upstream),
        Peers.Chaos => ChaosProxyServer.StartAsync(protocol, upstream, idleFault: false),
        Peers.ChaosIdleFault => ChaosProxyServer.StartAsync(protocol, upstream, idleFault: true),
        _ => throw new ArgumentException($"There is no server {what}.", nameof(what)),
    };
}
