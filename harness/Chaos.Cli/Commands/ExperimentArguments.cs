using System.CommandLine;
using Chaos.Cli.Composition;
using Chaos.Cli.Terminal;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Files;

namespace Chaos.Cli.Commands;

/// <summary>Arguments of every command that reads experiment files, and their loading.</summary>
/// <param name="one">Whether the command takes one experiment, which must be named.</param>
internal sealed class ExperimentArguments(bool one = false)
{
    public Argument<string[]> Paths { get; } = one
        ? CreatePaths("EXPERIMENT", "The experiment's file; or files and folders, of which --only chooses it.")
        : CreatePaths("PATH", "Experiment files, or folders of them. Default: the checklist.");

    public Option<string[]> Set { get; } = new("--set")
    {
        Description = "Replace a value of the files, such as --set fleet.count=100. May be repeated.", HelpName = "KEY=VALUE", AllowMultipleArgumentsPerToken = false,
    };

    public Option<string?> World { get; } = new("--world")
    {
        Description = "Run the experiments in this world instead of their own: a name in experiments/worlds, or a file.", HelpName = "NAME|FILE",
    };

    public Option<string[]> Only { get; } = new("--only")
    {
        Description = "Only experiments with this id or tag. May be repeated.", HelpName = "ID|TAG",
    };

    public Option<FileInfo?> Budgets { get; } = new("--budgets")
    {
        Description = "File of budgets for every experiment, instead of the nearest budgets.yaml beside or above each.", HelpName = "FILE",
    };

    /// <summary>Folder of the experiments that are meant when none is named; the checklist by default.</summary>
    public Func<ParseResult, string> DefaultPath { get; init; } = _ => Layout.Checklist;

    public void AddTo(Command command)
    {
        command.Arguments.Add(Paths);
        command.Options.Add(Set);
        command.Options.Add(World);
        command.Options.Add(Only);
        command.Options.Add(Budgets);
    }

    /// <summary>Loads the files; prints every error and returns null when there is any.</summary>
    public IReadOnlyList<ExperimentDefinition>? Load(ParseResult parsed) => LoadFiles(parsed) is { } loaded ? Choose(loaded.Experiments, parsed.GetValue(Only) ?? []) : null;

    /// <summary>Loads the one experiment that the arguments name; prints every error and returns null when there is any.</summary>
    /// <exception cref="Hosting.UsageException">They name several, or none.</exception>
    public (ExperimentDefinition Experiment, LoadResult Loaded)? LoadOne(ParseResult parsed)
    {
        if (parsed.GetValue(Paths) is not { Length: > 0 }) throw new Hosting.UsageException("name an experiment, such as experiments/storms/refused-storm.yaml.");
        if (LoadFiles(parsed) is not { } loaded) return null;
        var chosen = Choose(loaded.Experiments, parsed.GetValue(Only) ?? []);
        return chosen.Count == 1 ? (chosen[0], loaded)
            : throw new Hosting.UsageException($"{(chosen.Count == 0 ? "there is no experiment" : $"there are {chosen.Count} experiments: {string.Join(", ", chosen.Select(e => e.Id))}")}. Name one file, or choose one with --only ID.");
    }

    private LoadResult? LoadFiles(ParseResult parsed)
    {
        var paths = GivenOrDefault(parsed);
        var set = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in parsed.GetValue(Set) ?? [])
        {
            var split = pair.IndexOf('=', StringComparison.Ordinal);
            if (split <= 0) throw new Hosting.UsageException($"--set {pair}: write KEY=VALUE, such as --set fleet.count=100.");
            set[pair[..split]] = pair[(split + 1)..];
        }

        // A path is meant as seen from here; in the file it would be as seen from there.
        if (parsed.GetValue(World) is { } world) set["world"] = File.Exists(world) ? Path.GetFullPath(world) : world;
        var options = new LoadOptions { Budgets = parsed.GetValue(Budgets)?.FullName };
        if (set.Count == 0 || parsed.GetValue(Only) is not { Length: > 0 } only) return Read(paths, set, options);
        // What is set concerns those that are chosen: the others need not be able to take it.
        return Read(paths, [], options) is { } all ? Read([.. Choose(all.Experiments, only).Select(e => e.File)], set, options) : null;
    }

    private static LoadResult? Read(IReadOnlyList<string> paths, Dictionary<string, string> set, LoadOptions options)
    {
        var loaded = ExperimentFiles.Load(paths, Catalogues.All(), set, options);
        if (loaded.Errors.Count == 0) return loaded;
        ErrorPrinter.Print(loaded.Errors);
        return null;
    }

    /// <summary>The folders among the paths, and those of the files among them.</summary>
    public IEnumerable<string> Folders(ParseResult parsed) => GivenOrDefault(parsed).Select(path => Directory.Exists(path) ? path : Path.GetDirectoryName(Path.GetFullPath(path))!).Distinct();

    private string[] GivenOrDefault(ParseResult parsed) => parsed.GetValue(Paths) is { Length: > 0 } given ? given : [DefaultPath(parsed)];

    private static Argument<string[]> CreatePaths(string name, string description)
    {
        var paths = new Argument<string[]>(name) { Description = description, Arity = ArgumentArity.ZeroOrMore };
        // Where any word may be a path, a misspelt option would be taken for one.
        paths.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(t => t.Value.StartsWith('-'))) result.AddError($"there is no option {token.Value}.");
        });
        return paths;
    }

    private static IReadOnlyList<ExperimentDefinition> Choose(IReadOnlyList<ExperimentDefinition> all, string[] only)
    {
        if (only.Length == 0) return all;
        foreach (var word in only.Where(w => !all.Any(e => Matches(e, w))))
            throw new Hosting.UsageException($"--only {word}: no experiment has that id or tag. There are: {string.Join(", ", all.Select(e => e.Id))}.");
        return [.. all.Where(e => only.Any(w => Matches(e, w)))];
    }

    private static bool Matches(ExperimentDefinition experiment, string word) => experiment.Id == word || experiment.Tags.Contains(word);
}
