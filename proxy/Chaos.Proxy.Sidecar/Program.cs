using System.CommandLine;
using System.CommandLine.Help;
using Chaos.Proxy.Sidecar;

InterruptSignal.Accept();

var command = ProxyCommand.Create("chaos-proxy", "chaos-proxy");
command.Options.Add(new HelpOption());
command.Options.Add(new VersionOption());
var parsed = command.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors)
        Console.Error.WriteLine($"chaos-proxy: {error.Message}");
    Console.Error.WriteLine("Try: chaos-proxy --help");
    return ProxyCommand.Usage;
}
// Signals are the command's own to handle.
return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
