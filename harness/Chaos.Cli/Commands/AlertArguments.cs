using System.CommandLine;
using System.Globalization;
using Chaos.Cli.Composition;
using Chaos.Cli.Hosting;
using Chaos.Cli.Terminal;
using Chaos.Experiments.Alerts.OnCall;
using Chaos.Experiments.Files;

namespace Chaos.Cli.Commands;

/// <summary>Options of the commands on alerts, and the loading of their files.</summary>
internal sealed class AlertArguments
{
    private const double MostCompression = 1000;

    private static readonly string[] Moments = ["yyyy-MM-dd'T'HH:mmzzz", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd'T'HH:mm:ss'Z'"];

    public Option<FileInfo?> Alerts { get; } = new("--alerts") { Description = "File of alerts. Default: experiments/alerts.yaml.", HelpName = "FILE" };

    public Option<FileInfo?> OnCall { get; } = new("--on-call") { Description = "File of who is on call. Default: on-call.yaml beside or above the alerts.", HelpName = "FILE" };

    public Option<string?> At { get; } = new("--at") { Description = "Moment, with its distance from UTC: 2026-03-29T04:00+02:00, or 2026-03-29T02:00Z. Default: now.", HelpName = "TIME" };

    /// <summary>The option --compress.</summary>
    public static Option<double> Compress(string description) => new("--compress") { Description = description, HelpName = "N", DefaultValueFactory = _ => 1 };

    /// <summary>Its value.</summary>
    /// <exception cref="UsageException">It is out of range.</exception>
    public static double Compress(ParseResult parsed, Option<double> option) => parsed.GetValue(option) is >= 1 and <= MostCompression and var factor
        ? factor
        : throw new UsageException($"--compress {parsed.GetValue(option)}: it may be 1 to {MostCompression:0}.");

    /// <summary>The moment that is asked for.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public DateTimeOffset Moment(ParseResult parsed)
    {
        if (parsed.GetValue(At) is not { } text) return TimeProvider.System.GetUtcNow();
        if (!DateTimeOffset.TryParseExact(text, Moments, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
            throw new UsageException($"--at {text}: write a moment with its distance from UTC, such as 2026-03-29T04:00+02:00 or 2026-03-29T02:00Z.");
        return moment;
    }

    /// <summary>Both files; prints every error and returns null when there is any.</summary>
    public OwnedAlerts? Load(ParseResult parsed)
    {
        var path = parsed.GetValue(Alerts)?.FullName ?? Path.Combine(Layout.Root, "experiments", "alerts.yaml");
        var (owned, errors) = OwnedAlerts.Load(path, parsed.GetValue(OnCall)?.FullName);
        if (owned is null) ErrorPrinter.Print(errors);
        return owned;
    }

    /// <summary>Who is on call; prints every error and returns null when there is any.</summary>
    public OnCallDefinition? LoadOnCall(ParseResult parsed)
    {
        var (onCall, errors) = OwnedAlerts.LoadOnCall(parsed.GetValue(OnCall)?.FullName ?? Path.Combine(Layout.Root, "experiments", "on-call.yaml"));
        if (onCall is null) ErrorPrinter.Print(errors);
        return onCall;
    }

    /// <summary>The owners at a moment.</summary>
    /// <exception cref="UsageException">A team has none.</exception>
    public static IReadOnlyList<Owner> Owners(IEnumerable<TeamDefinition> teams, DateTimeOffset moment)
    {
        IReadOnlyList<Owner> owners = [.. teams.Select(team => Experiments.Alerts.OnCall.Owners.Of(team, moment))];
        return owners.FirstOrDefault(o => o.Who is null) is { } nobody
            ? throw new UsageException($"nobody is on call for {nobody.Team.Name} at {Shown(moment)}: its first rotation begins at {Shown(nobody.Until)}.")
            : owners;
    }

    /// <summary>A moment as it may be given to --at.</summary>
    public static string Shown(DateTimeOffset moment) => moment.ToString("yyyy-MM-dd'T'HH:mmzzz", CultureInfo.InvariantCulture);
}
