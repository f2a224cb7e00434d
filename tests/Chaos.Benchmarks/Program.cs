using System.CommandLine;
using Chaos.Benchmarks.Commands;

var root = new RootCommand(
    """
    Measures what the proxy costs while it injects nothing, beside plain YARP and a direct connection.

    Run it from a Release build:  dotnet run -c Release --project tests/Chaos.Benchmarks -- websocket
    """)
{
    WebSocketCommand.Create(), MemoryCommand.Create(), ServeCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
