using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net.Sockets;
using Chaos.Cli.Composition;
using Chaos.Cli.Hosting;
using Chaos.Experiments.Files;
using Chaos.Journal;
using Chaos.Live.Hosting;
using Microsoft.AspNetCore.Connections;

namespace Chaos.Cli.Commands;

/// <summary>Options of the commands with a live page, and its start.</summary>
internal sealed class LiveArguments
{
    /// <summary>For commands that run something.</summary>
    public Option<int?> Ui { get; } = new("--ui")
    {
        Description = $"Show the run on a live page on this machine, at port {LivePage.DefaultPort} or a free one; --ui=PORT for another.", HelpName = "PORT",
        Arity = ArgumentArity.ZeroOrOne, CustomParser = PortIfAny,
    };

    /// <summary>For the command that only watches.</summary>
    public Option<int?> Port { get; } = new("--port") { Description = $"Port of the page on this machine. Default: {LivePage.DefaultPort}, or a free one.", HelpName = "PORT" };

    /// <summary>Serves the page of a run that is about to start; null when it was not asked for.</summary>
    /// <exception cref="UsageException">The port cannot be used.</exception>
    public async Task<LivePage?> StartAsync(ParseResult parsed, RunPlan plan) =>
        parsed.GetResult(Ui) is null ? null : await ServeAsync(plan.Identity.JournalPath, parsed.GetValue(Ui), judges: false, plan.Clock);

    /// <summary>Serves the page of a journal.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="port">The port; null for the usual one, or a free one where that is taken.</param>
    /// <param name="judges">Judge experiments that have ended.</param>
    /// <param name="clock">The clock that the journal's times are on.</param>
    /// <exception cref="UsageException">The port cannot be used.</exception>
    public static async Task<LivePage> ServeAsync(string journal, int? port, bool judges, Clock clock)
    {
        if (port is < 0 or > 65535) throw new UsageException($"port {port}: it may be 1 to 65535, or 0 for a free one.");
        var options = new LivePageOptions(journal, port ?? LivePage.DefaultPort, Alerts(), judges);
        try
        {
            return await LivePage.StartAsync(options, clock);
        }
        catch (IOException e) when (e.InnerException is AddressInUseException or SocketException)
        {
            if (port is not null) throw new UsageException($"port {port} cannot be used: {e.Message} Name another, or 0 for a free one.");
            return await LivePage.StartAsync(options with { Port = 0 }, clock);
        }
    }

    /// <summary>The project's alerts, for experiments that name none; null where there are none.</summary>
    private static OwnedAlerts? Alerts()
    {
        var path = Path.Combine(Layout.RootOrNull ?? "", "experiments", "alerts.yaml");
        if (!File.Exists(path)) return null;
        var (owned, errors) = OwnedAlerts.Load(path);
        return owned ?? throw new UsageException($"{path} has errors, the first being: {errors[0]} Run: chaos validate {path}");
    }

    // The port is optional, so that what follows may be a file as well as a port.
    private static int? PortIfAny(ArgumentResult result)
    {
        if (result.Tokens.Count == 0) return null;
        if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var port)) return port;
        result.OnlyTake(0);
        return null;
    }
}
