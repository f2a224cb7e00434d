using System.CommandLine;
using Chaos.Cli.Hosting;
using Chaos.Cli.Stores;

namespace Chaos.Cli.Commands;

/// <summary><c>chaos store</c>: a Redis in a process of its own.</summary>
internal static class StoreCommand
{
    public static Command Create()
    {
        var listen = PartOptions.Listen("127.0.0.1:6379");
        var server = new Option<string?>("--server") { Description = "Run this redis-server instead of the embedded store.", HelpName = "PROGRAM" };
        var image = new Option<string?>("--image") { Description = "Run redis-server in a container of this image instead; the engine gives it a free port.", HelpName = "IMAGE" };
        var exitWithParent = PartOptions.ExitWithParent();
        var command = new Command("store", "Runs a store for gateways: the embedded Redis-compatible one (Garnet), or a real Redis as a process or in a container.") { listen, server, image, exitWithParent };
        command.Validators.Add(result =>
        {
            if (result.GetValue(server) is not null && result.GetValue(image) is not null) result.AddError("--server and --image are two ways to run Redis: give one of them.");
        });
        command.SetAction(async (parsed, cancel) =>
        {
            var started = new TaskCompletionSource<IStorePart>(TaskCreationOptions.RunContinuationsAsynchronously);
            using var lifetime = Lifetime.OfPart(parsed.GetValue(exitWithParent), StoreOrders.Of(started.Task));
            var port = PartOptions.Endpoint(parsed.GetValue(listen)!).Port;
            await using IStorePart store = parsed.GetValue(server) is { } program ? await RedisServer.StartAsync(program, port)
                : parsed.GetValue(image) is { } name ? await RedisContainer.StartAsync(name, cancel)
                : new Embedded(port);
            started.SetResult(store);
            PartOptions.Announce("store", new Uri($"http://{store.Address}"));
            await lifetime.UntilEndAsync();
            return 0;
        });
        return command;
    }
}
