using System.CommandLine;
using System.CommandLine.Help;
using Chaos.Cli.Commands;
using Chaos.Cli.Hosting;
using Chaos.Experiments.Verdicts;
using Chaos.Journal.Verdicts;
using Chaos.Proxy.Sidecar;

namespace Chaos.Cli;

/// <summary>The command <c>chaos</c>: its parts, and what becomes of what goes wrong in them.</summary>
internal static class ChaosCommand
{
    /// <summary>Carries a command line out.</summary>
    /// <param name="args">Its words, without the program.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        // A command, not a RootCommand: that one would name itself after the assembly.
        var root = new Command("chaos",
            """
            Breaks a real-time system on purpose, between real clients and a real gateway, and says with statistics whether it held.

            Start with:  chaos run                 every experiment of the checklist, on embedded defaults
                         chaos list                what there is to run
                         chaos run --only ID       one experiment
            """) { new HelpOption(), new VersionOption() };
        Command[] commands =
        [
            RunCommand.Create(), SimulateCommand.Create(), ListCommand.Create(), ValidateCommand.Create(), JudgeCommand.Create(), ReportCommand.Create(), MutantsCommand.Create(),
            NightlyCommand.Create(), RehearseCommand.Create(), WatchCommand.Create(), SensitivityCommand.Create(), AlertsCommand.Create(),
            ProxyCommand.Create("proxy", "chaos proxy"), GatewayCommand.Create(), StoreCommand.Create(), UpstreamCommand.Create(), MonitorCommand.Create(), PartsCommand.Create(),
        ];
        foreach (var command in commands) root.Subcommands.Add(command);

        var parsed = root.Parse(LiveArguments.Explicit(args));
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors) Console.Error.WriteLine($"chaos: {error.Message}");
            var command = parsed.CommandResult.Command;
            Console.Error.WriteLine(command == root ? "Try: chaos --help" : $"Try: chaos {command.Name} --help");
            return ExitCodes.Usage;
        }

        try
        {
            // Signals are ours to handle: an interrupted run undoes its faults first.
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (UsageException e)
        {
            Console.Error.WriteLine($"chaos: {e.Message}");
            return ExitCodes.Usage;
        }
        catch (Exception e)
        {
            Console.Error.WriteLine($"chaos: internal error: {e}");
            return ExitCodes.Of(Outcome.Error);
        }
    }
}
