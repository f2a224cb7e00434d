using System.CommandLine;
using Chaos.Cli.Alerting;
using Chaos.Cli.Hosting;

namespace Chaos.Cli.Commands;

/// <summary><c>chaos monitor</c>: a Prometheus or an Alertmanager as a part of a world.</summary>
internal static class MonitorCommand
{
    public static Command Create()
    {
        var kind = new Argument<string>("KIND") { Description = $"{MonitorProgram.Prometheus} or {MonitorProgram.Alertmanager}." };
        kind.AcceptOnlyFromAmong(MonitorProgram.Prometheus, MonitorProgram.Alertmanager);
        var program = new Option<string>("--program") { Description = "The program.", HelpName = "PATH", Required = true };
        var folder = new Option<DirectoryInfo>("--folder") { Description = "Folder of its configuration; data and log go there, too.", HelpName = "DIR", Required = true };
        var config = new Option<string>("--config") { Description = "Name of its configuration there.", HelpName = "FILE", Required = true };
        var exitWithParent = PartOptions.ExitWithParent();
        // The engine's own: people run the programs themselves.
        var command = new Command("monitor", "Runs a Prometheus or an Alertmanager on a free loopback port, and ends it when it ends itself.") { kind, program, folder, config, exitWithParent };
        command.Hidden = true;
        command.SetAction(async (parsed, cancel) =>
        {
            using var lifetime = Lifetime.OfPart(parsed.GetValue(exitWithParent), Orders.None);
            await using var running = await MonitorProgram.StartAsync(parsed.GetValue(kind)!, parsed.GetValue(program)!, parsed.GetValue(folder)!.FullName, parsed.GetValue(config)!, cancel);
            PartOptions.Announce(parsed.GetValue(kind)!, running.Address);
            await Task.WhenAny(lifetime.UntilEndAsync(), running.Ended);
            if (!lifetime.Ending.IsCancellationRequested) throw new UsageException($"{parsed.GetValue(program)} ended by itself: {running.LastWords}");
            return 0;
        });
        return command;
    }
}
