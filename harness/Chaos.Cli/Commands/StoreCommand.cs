using System.CommandLine;
using Chaos.Cli.Hosting;
using Chaos.Gateway.Stores;

namespace Chaos.Cli.Commands;

/// <summary><c>chaos store</c>: the embedded Redis in a process of its own.</summary>
internal static class StoreCommand
{
    public static Command Create()
    {
        var listen = PartOptions.Listen("127.0.0.1:6379");
        var exitWithParent = PartOptions.ExitWithParent();
        var command = new Command("store", "Runs the embedded Redis-compatible store (Garnet) that gateways use by default.") { listen, exitWithParent };
        command.SetAction(async (parsed, _) =>
        {
            using var lifetime = Lifetime.OfPart(parsed.GetValue(exitWithParent));
            var address = PartOptions.Endpoint(parsed.GetValue(listen)!);
            using var store = EmbeddedStore.Start(address.Port);
            PartOptions.Announce("store", new Uri($"http://{store.Address}"));
            await lifetime.UntilEndAsync();
            return 0;
        });
        return command;
    }
}
