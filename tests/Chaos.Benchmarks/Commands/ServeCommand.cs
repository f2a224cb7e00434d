using System.CommandLine;
using Chaos.Benchmarks.Servers;

namespace Chaos.Benchmarks.Commands;

/// <summary>One server in this process, for the benchmark that started it. Not for people.</summary>
internal static class ServeCommand
{
    public const string Name = "serve";

    public static Command Create()
    {
        var what = new Argument<string>("what");
        what.AcceptOnlyFromAmong(Variants.Echo, Variants.Yarp, Variants.Chaos);
        var upstream = new Option<string>("--upstream") { DefaultValueFactory = _ => "" };
        var command = new Command(Name, "One server, until standard input ends.") { what, upstream };
        command.Hidden = true;
        command.SetAction(async (parsed, ct) =>
        {
            await using IBenchmarkServer server = parsed.GetValue(what) switch
            {
                Variants.Echo => await EchoServer.StartAsync(),
                Variants.Yarp => await PlainYarpServer.StartAsync(parsed.GetValue(upstream)!),
                _ => await ChaosProxyServer.StartAsync(parsed.GetValue(upstream)!),
            };
            await ControlLine.ServeAsync(server, ct);
            return 0;
        });
        return command;
    }
}
