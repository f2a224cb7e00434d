using System.CommandLine;
using Chaos.Cli.Hosting;
using Chaos.Proxy;

namespace Chaos.Cli.Commands;

/// <summary><c>chaos proxy</c>: the fault-injecting proxy by itself.</summary>
internal static class ProxyCommand
{
    private const string TokenVariable = "CHAOS_CONTROL_TOKEN";

    public static Command Create()
    {
        var listen = PartOptions.Listen("127.0.0.1:8474");
        var seed = new Option<long>("--seed") { Description = "Seed of every random decision. The same seed decides the same.", DefaultValueFactory = _ => 1 };
        var ledger = new Option<string?>("--ledger") { Description = "File to append the ledger to, as JSON lines; - is standard output.", HelpName = "FILE" };
        var token = new Option<string?>("--token")
        {
            Description = $"Token that control calls must carry (Authorization: Bearer). Required where it listens beyond loopback. Default: {TokenVariable} of the environment.",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable(TokenVariable),
        };
        var config = new Option<string?>("--config") { Description = "Proxies to create at the start: Toxiproxy's JSON array.", HelpName = "FILE" };
        var exitWithParent = PartOptions.ExitWithParent();
        var command = new Command("proxy",
            """
            Runs the fault-injecting proxy. Its control API is Toxiproxy's, so existing Toxiproxy clients drive it.

            curl -d '{"name":"redis","listen":"127.0.0.1:26379","upstream":"127.0.0.1:6379"}' localhost:8474/proxies
            curl -d '{"type":"latency","attributes":{"latency":100}}' localhost:8474/proxies/redis/toxics
            """) { listen, seed, ledger, token, config, exitWithParent };
        command.SetAction(async (parsed, _) =>
        {
            using var lifetime = Lifetime.OfPart(parsed.GetValue(exitWithParent));
            var options = new ProxyHostOptions
            {
                Listen = parsed.GetValue(listen)!, Seed = parsed.GetValue(seed), Ledger = parsed.GetValue(ledger), ControlToken = parsed.GetValue(token),
                ConfigFile = parsed.GetValue(config),
            };
            await using var host = await StartAsync(options);
            if (options.Ledger != "-") Console.Error.WriteLine($"chaos proxy: seed {options.Seed}, control API at {host.ControlAddress}");
            await lifetime.UntilEndAsync();
            return 0;
        });
        return command;
    }

    private static async Task<ProxyHost> StartAsync(ProxyHostOptions options)
    {
        try
        {
            return await ProxyHost.StartAsync(options);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or IOException or System.Text.Json.JsonException)
        {
            throw new UsageException($"{e.Message.Replace(" (Parameter 'options')", "", StringComparison.Ordinal)} See chaos proxy --help.");
        }
    }
}
