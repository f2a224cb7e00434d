using System.CommandLine;
using Chaos.Benchmarks.Commands;
using Chaos.Proxy.Tcp;

// For the load generator: it shares the machine with what it measures, and should take as little of it as it can. Servers decide for themselves.
if (args.FirstOrDefault() != ServeCommand.Name) InlineSockets.Use();
var root = new RootCommand(
    """
    Measures what the proxy costs, beside HAProxy, plain YARP and a direct connection, and how exact its faults are; and how fast simulations are.

    Run it from a Release build:  dotnet run -c Release --project tests/Chaos.Benchmarks -- tcp
    The exit code is 0 whatever was reached: a noisy machine is not a failure.
    """)
{
    TcpCommand.Create(), WebSocketCommand.Create(), ConnectCommand.Create(), MemoryCommand.Create(), FidelityCommand.Create(), SimulateCommand.Create(), ServeCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
