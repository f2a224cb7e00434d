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
    private const string Name = "--ui";
    private const string AnyPort = "any";

    /// <summary>For commands that run something.</summary>
    public Option<int?> Ui { get; } = new(Name)
    {
        Description = $"Show the run on a live page on this machine, at port {LivePage.DefaultPort} or a free one; --ui=PORT for another.", HelpName = "PORT",
        CustomParser = PortOf,
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

    /// <summary>
    /// The command line with the port that <c>--ui</c> alone leaves open. A port goes with an equals sign, so that what follows may be a file; the parser knows
    /// optional values only as those that take the next word, whatever it is.
    /// </summary>
    public static string[] Explicit(string[] words) => [.. words.Select(w => w == Name ? $"{Name}={AnyPort}" : w)];

    private static int? PortOf(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (text == AnyPort) return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)) return port;
        result.AddError($"{Name}={text}: it may be a port, or left out: {Name}");
        return null;
    }
}
