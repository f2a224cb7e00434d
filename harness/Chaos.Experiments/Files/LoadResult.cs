using Chaos.Experiments.Definitions;

namespace Chaos.Experiments.Files;

/// <summary>What became of the files.</summary>
/// <param name="Experiments">Those without an error, in the order of their files. Run none of them while there are errors.</param>
/// <param name="Errors">Every error of every file, by file and line.</param>
public sealed record LoadResult(IReadOnlyList<ExperimentDefinition> Experiments, IReadOnlyList<FileError> Errors)
{
    /// <summary>Whether everything can be run.</summary>
    public bool Ok => Errors.Count == 0;
}

/// <summary>Where to look.</summary>
public sealed record LoadOptions
{
    /// <summary>Folder that names of files in messages are relative to; the process's working folder by default.</summary>
    public string WorkingFolder { get; init; } = Environment.CurrentDirectory;

    /// <summary>More folders with worlds, looked at after the <c>worlds</c> folders beside and above the experiment's file.
    /// By default <c>experiments/worlds</c> of the working folder.</summary>
    public IReadOnlyList<string> WorldFolders { get; init; } = [Path.Combine("experiments", "worlds")];

    /// <summary>File of budgets for every experiment. By default each takes the nearest <c>budgets.yaml</c> beside or above it, else
    /// <c>experiments/budgets.yaml</c> of the working folder.</summary>
    public string? Budgets { get; init; }
}
