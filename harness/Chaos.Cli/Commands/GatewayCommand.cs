using System.CommandLine;
using System.Text.Json.Nodes;
using Chaos.Cli.Composition;
using Chaos.Cli.Hosting;
using Chaos.Gateway;
using Chaos.Gateway.Settings;
using Chaos.Mutants;
using Microsoft.Extensions.DependencyInjection;

namespace Chaos.Cli.Commands;

/// <summary><c>chaos gateway</c>: a node of the reference gateway.</summary>
internal static class GatewayCommand
{
    public static Command Create()
    {
        var listen = PartOptions.Listen("127.0.0.1:8000");
        var redis = new Option<string?>("--redis") { Description = "Redis to use, as host:port. Without it, an embedded store runs in this process.", HelpName = "HOST:PORT" };
        var node = new Option<string?>("--node") { Description = "Name of this node." };
        var settings = new Option<FileInfo?>("--settings") { Description = "Settings as JSON.", HelpName = "FILE" };
        var audit = new Option<string?>("--audit") { Description = "File of the audit log, appended.", HelpName = "FILE" };
        var mutant = new Option<string?>("--mutant") { Description = "Run a broken variant by name (see chaos mutants --list).", HelpName = "NAME" };
        var exitWithParent = PartOptions.ExitWithParent();
        var command = new Command("gateway", "Runs a node of the reference gateway: WebSocket at /connection/websocket, plus /healthz, /readyz, /metrics and /admin.")
        {
            listen, redis, node, settings, audit, mutant, exitWithParent,
        };
        command.SetAction(async (parsed, _) =>
        {
            var clock = new SkewedClock();
            using var lifetime = Lifetime.OfPart(parsed.GetValue(exitWithParent), Asked(clock));
            var loaded = Settings(parsed.GetValue(settings)) with { Listen = parsed.GetValue(listen)! };
            loaded = GatewaySecrets.ForTryingOut(loaded, PartOptions.Endpoint(loaded.Listen), TimeProvider.System);
            if (parsed.GetValue(redis) is { } address) loaded = loaded with { Redis = address };
            if (parsed.GetValue(node) is { } name) loaded = loaded with { Node = name };
            if (parsed.GetValue(audit) is { } file) loaded = loaded with { AuditFile = file };
            var change = parsed.GetValue(mutant) is { } broken ? Mutant(broken).Change : null;
            await using var host = await StartAsync(loaded, change, clock);
            PartOptions.Announce("gateway", host.Address);
            await lifetime.UntilEndAsync();
            return 0;
        });
        return command;
    }

    private static GatewaySettings Settings(FileInfo? file)
    {
        try
        {
            return GatewaySecrets.FromEnvironment(file is null ? new GatewaySettings() : GatewaySettings.Load(file.FullName));
        }
        catch (SettingsException e)
        {
            throw new UsageException(e.Message);
        }
    }

    /// <summary>What the engine may ask: to set the clock off, and right again.</summary>
    private static Orders Asked(SkewedClock clock) => new(new Dictionary<string, Func<JsonObject, Task<JsonObject>>>
    {
        ["clock"] = order =>
        {
            clock.Offset = TimeSpan.FromMilliseconds((double)order["offset_ms"]!);
            return Task.FromResult(new JsonObject { ["offset_ms"] = clock.Offset.TotalMilliseconds });
        },
    });

    private static async Task<GatewayHost> StartAsync(GatewaySettings settings, Action<IServiceCollection>? change, TimeProvider clock)
    {
        try
        {
            return await GatewayHost.StartAsync(settings, change, clock);
        }
        catch (Exception e) when (e is SettingsException or IOException)
        {
            throw new UsageException(e.Message);
        }
    }

    private static GatewayMutant Mutant(string name) => MutantCatalogue.Find(name) as GatewayMutant
        ?? throw new UsageException($"--mutant {name}: no gateway mutant has that name. chaos mutants --list shows them.");
}
