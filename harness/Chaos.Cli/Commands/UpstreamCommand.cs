using System.CommandLine;
using Chaos.Cli.Hosting;
using Chaos.Gateway.Upstream;

namespace Chaos.Cli.Commands;

/// <summary><c>chaos upstream</c>: the HTTP service that authorizes channels, in a process of its own.</summary>
internal static class UpstreamCommand
{
    public static Command Create()
    {
        var listen = PartOptions.Listen("127.0.0.1:8100");
        var exitWithParent = PartOptions.ExitWithParent();
        var command = new Command("upstream", "Runs the HTTP service that gateways ask who may use which channel: /authorize, plus /healthz.") { listen, exitWithParent };
        command.SetAction(async (parsed, _) =>
        {
            using var lifetime = Lifetime.OfPart(parsed.GetValue(exitWithParent), Orders.None);
            await using var service = await StartAsync(parsed.GetValue(listen)!);
            PartOptions.Announce("upstream", service.Address);
            await lifetime.UntilEndAsync();
            return 0;
        });
        return command;
    }

    private static async Task<UpstreamService> StartAsync(string listen)
    {
        try
        {
            return await UpstreamService.StartAsync(PartOptions.Endpoint(listen));
        }
        catch (IOException e)
        {
            throw new UsageException(e.Message);
        }
    }
}
