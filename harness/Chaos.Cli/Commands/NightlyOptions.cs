using System.CommandLine;
using Chaos.Cli.Composition;
using Chaos.Cli.Hosting;
using Chaos.Experiments.Definitions;
using Chaos.Reports.Trend;

namespace Chaos.Cli.Commands;

/// <summary>Options of <c>chaos nightly</c> about the nights.</summary>
internal sealed class NightlyOptions
{
    private const int MostNights = 365;

    public Option<DirectoryInfo?> History { get; } = new("--history") { Description = "Folder of the nights: one small file each, only ever added. Default: reports/nights.", HelpName = "DIR" };

    public Option<int> Nights { get; } = new("--nights")
    {
        Description = $"With how many of the last nights tonight is compared, {TrendRules.LeastNights} to {MostNights}.",
        HelpName = "N",
        DefaultValueFactory = _ => new TrendRules().Nights,
    };

    public Option<bool> NoMutants { get; } = new("--no-mutants") { Description = "Leave the mutants out." };

    public Option<string[]> Accept { get; } = new("--accept") { Description = "Take tonight's numbers of this experiment as normal, whatever they are. May be repeated.", HelpName = "ID" };

    public void AddTo(Command command)
    {
        command.Options.Add(History);
        command.Options.Add(Nights);
        command.Options.Add(NoMutants);
        command.Options.Add(Accept);
        Nights.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < TrendRules.LeastNights or > MostNights) result.AddError($"--nights must be {TrendRules.LeastNights} to {MostNights}.");
        });
    }

    /// <summary>The folder of the nights.</summary>
    /// <exception cref="UsageException">A night cannot be kept there.</exception>
    public NightFolder FolderOf(ParseResult parsed)
    {
        var path = parsed.GetValue(History)?.FullName ?? Layout.Nights;
        var folder = new NightFolder(path);
        try
        {
            folder.Prepare();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--history {path}: a night cannot be kept there: {e.Message}");
        }

        return folder;
    }

    /// <summary>Experiments that are accepted tonight.</summary>
    /// <exception cref="UsageException">One of them does not run.</exception>
    public IReadOnlyList<string> AcceptedOf(ParseResult parsed, IReadOnlyList<ExperimentDefinition> experiments)
    {
        var accepted = parsed.GetValue(Accept) ?? [];
        foreach (var id in accepted.Where(id => experiments.All(e => e.Id != id)))
            throw new UsageException($"--accept {id}: no chosen experiment has that id. There are: {string.Join(", ", experiments.Select(e => e.Id))}.");
        return accepted;
    }

    /// <summary>These options as words of a command that repeats the night.</summary>
    public string[] Words(ParseResult parsed) =>
    [
        .. parsed.GetValue(NoMutants) ? ["--no-mutants"] : Array.Empty<string>(),
        .. parsed.GetValue(History) is { } history ? ["--history", history.ToString()] : Array.Empty<string>(),
        .. (parsed.GetValue(Accept) ?? []).SelectMany(id => new[] { "--accept", id }),
    ];
}
