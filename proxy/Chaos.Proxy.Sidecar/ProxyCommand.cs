using System.CommandLine;
using System.Text.Json;

namespace Chaos.Proxy.Sidecar;

/// <summary>The command that runs the proxy: <c>chaos-proxy</c> by itself, <c>chaos proxy</c> inside the harness.</summary>
public static class ProxyCommand
{
    /// <summary>Exit code for unusable options or files.</summary>
    public const int Usage = 64;

    private const string TokenVariable = "CHAOS_CONTROL_TOKEN";

    /// <summary>Makes the command.</summary>
    /// <param name="name">What it is called on the command line.</param>
    /// <param name="calledAs">How its help and errors call it, such as <c>chaos proxy</c>.</param>
    public static Command Create(string name, string calledAs)
    {
        var listen = new Option<string>("--listen")
        {
            Description = "Address of the control API, as host:port; port 0 takes a free one.", DefaultValueFactory = _ => "127.0.0.1:8474", HelpName = "HOST:PORT",
        };
        var seed = new Option<long>("--seed") { Description = "Seed of every random decision. The same seed decides the same.", DefaultValueFactory = _ => 1 };
        var ledger = new Option<string?>("--ledger") { Description = "File to append the ledger to, as JSON lines; - is standard output.", HelpName = "FILE" };
        var token = new Option<string?>("--token")
        {
            Description = $"Token that control calls must carry (Authorization: Bearer). Required where it listens beyond loopback. Default: {TokenVariable} of the environment.",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable(TokenVariable),
        };
        var config = new Option<string?>("--config") { Description = "Proxies to create at the start: Toxiproxy's JSON array.", HelpName = "FILE" };
        var exitWithParent = new Option<bool>("--exit-with-parent") { Description = "End when standard input ends. Set by a parent, so that the proxy does not outlive it." };
        var command = new Command(name,
            """
            Runs the fault-injecting proxy. Its control API is Toxiproxy's, so existing Toxiproxy clients drive it.

            curl -d '{"name":"redis","listen":"127.0.0.1:26379","upstream":"127.0.0.1:6379"}' localhost:8474/proxies
            curl -d '{"type":"latency","attributes":{"latency":100}}' localhost:8474/proxies/redis/toxics
            """) { listen, seed, ledger, token, config, exitWithParent };
        command.SetAction((parsed, _) => RunAsync(new ProxyHostOptions
        {
            Listen = parsed.GetValue(listen)!, Seed = parsed.GetValue(seed), Ledger = parsed.GetValue(ledger), ControlToken = parsed.GetValue(token),
            ConfigFile = parsed.GetValue(config),
        }, calledAs, parsed.GetValue(exitWithParent)));
        return command;
    }

    private static async Task<int> RunAsync(ProxyHostOptions options, string calledAs, bool exitWithParent)
    {
        using var signals = new Signals(exitWithParent);
        ProxyHost host;
        try
        {
            host = await ProxyHost.StartAsync(options);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or IOException or UnauthorizedAccessException or JsonException)
        {
            await Console.Error.WriteLineAsync($"{calledAs}: {e.Message.Replace(" (Parameter 'options')", "", StringComparison.Ordinal)} See {calledAs} --help.");
            return Usage;
        }
        await using (host)
        {
            if (options.Ledger != "-") await Console.Error.WriteLineAsync($"{calledAs}: seed {options.Seed}, control API at {host.ControlAddress}");
            await host.RunUntilAsync(signals.Ending);
        }
        return 0;
    }
}
