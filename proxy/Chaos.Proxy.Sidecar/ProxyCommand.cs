using System.CommandLine;
using Chaos.Proxy.Tcp;

namespace Chaos.Proxy.Sidecar;

/// <summary>The command that runs the proxy: <c>chaos-proxy</c> by itself, <c>chaos proxy</c> inside the harness.</summary>
public static class ProxyCommand
{
    /// <summary>Exit code for unusable options or files.</summary>
    public const int Usage = 64;

    private const double MaxDrainSeconds = 3600;
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
        var seed = new Option<long?>("--seed") { Description = $"Seed of every random decision. The same seed decides the same. Default: that of the configuration file, or {ProxyHostOptions.DefaultSeed}.", HelpName = "N" };
        var ledger = new Option<string?>("--ledger") { Description = "File to append the ledger to, as JSON lines; - is standard output.", HelpName = "FILE" };
        var token = new Option<string?>("--token")
        {
            Description = $"Token that control calls must carry (Authorization: Bearer). Required where it listens beyond loopback. Default: {TokenVariable} of the environment.",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable(TokenVariable),
        };
        var config = new Option<string?>("--config") { Description = "Proxies to create at the start: Toxiproxy's JSON array, or an object with seed and proxies. SIGHUP and POST /chaos/reload read it again.", HelpName = "FILE" };
        var drain = new Option<double>("--drain") { Description = "Seconds that open connections may take to end by themselves when the proxy is told to end. A second signal ends it at once.", DefaultValueFactory = _ => 0, HelpName = "SECONDS" };
        drain.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 0 and <= MaxDrainSeconds)) result.AddError($"--drain must be from 0 to {MaxDrainSeconds} seconds.");
        });
        var exitWithParent = new Option<bool>("--exit-with-parent") { Description = "End when standard input ends. Set by a parent, so that the proxy does not outlive it." };
        var command = new Command(name,
            """
            Runs the fault-injecting proxy. Its control API is Toxiproxy's, so existing Toxiproxy clients drive it.

            curl -d '{"name":"redis","listen":"127.0.0.1:26379","upstream":"127.0.0.1:6379"}' localhost:8474/proxies
            curl -d '{"type":"latency","attributes":{"latency":100}}' localhost:8474/proxies/redis/toxics
            """) { listen, seed, ledger, token, config, drain, exitWithParent };
        command.SetAction((parsed, _) => RunAsync(new ProxyHostOptions
        {
            Listen = parsed.GetValue(listen)!, Seed = parsed.GetValue(seed), Ledger = parsed.GetValue(ledger), ControlToken = parsed.GetValue(token),
            ConfigFile = parsed.GetValue(config), Drain = TimeSpan.FromSeconds(parsed.GetValue(drain)),
        }, calledAs, parsed.GetValue(exitWithParent)));
        return command;
    }

    private static async Task<int> RunAsync(ProxyHostOptions options, string calledAs, bool exitWithParent)
    {
        InlineSockets.Use();
        using var signals = new Signals(exitWithParent);
        if (await StartAsync(options, calledAs) is not { } host) return Usage;
        await using (host)
        {
            if (options.Ledger != "-") await Console.Error.WriteLineAsync($"{calledAs}: seed {host.Seed}, control API at {host.ControlAddress}");
            using var hangUp = options.ConfigFile is null ? null : Signals.OnHangUp(() => _ = ReloadAsync(host, calledAs));
            await host.RunUntilAsync(signals.Ending);
        }
        return 0;
    }

    private static async Task<ProxyHost?> StartAsync(ProxyHostOptions options, string calledAs)
    {
        try
        {
            return await ProxyHost.StartAsync(options);
        }
        catch (ConfigFileException e)
        {
            foreach (var error in e.Errors)
                await Console.Error.WriteLineAsync(error);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"{calledAs}: {e.Message.Replace(" (Parameter 'options')", "", StringComparison.Ordinal)} See {calledAs} --help.");
        }
        return null;
    }

    private static async Task ReloadAsync(ProxyHost host, string calledAs)
    {
        try
        {
            var done = await host.ReloadAsync();
            await Console.Error.WriteLineAsync($"{calledAs}: reloaded: {done.Added.Count} added, {done.Replaced.Count} replaced, {done.Removed.Count} removed, {done.Unchanged.Count} unchanged, {done.Faults} faults changed");
        }
        catch (Exception e) when (e is ConfigFileException or InvalidOperationException or ObjectDisposedException)
        {
            await Console.Error.WriteLineAsync($"{calledAs}: not reloaded:{Environment.NewLine}{e.Message}");
        }
    }
}
