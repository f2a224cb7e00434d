using Chaos.Experiments.Definitions;
using Chaos.Experiments.Files.Reading;

namespace Chaos.Experiments.Files;

/// <summary>What became of the files.</summary>
/// <param name="Experiments">Those without an error, in the order of their files. Run none of them while there are errors.</param>
/// <param name="Errors">Every error of every file, by file and line.</param>
public sealed record LoadResult(IReadOnlyList<ExperimentDefinition> Experiments, IReadOnlyList<FileError> Errors)
{
    /// <summary>Whether everything can be run.</summary>
    public bool Ok => Errors.Count == 0;

    /// <summary>Where the values of each experiment stand.</summary>
    internal IReadOnlyDictionary<ExperimentDefinition, SourceMap> Places { get; init; } = new Dictionary<ExperimentDefinition, SourceMap>();

    /// <summary>An error at a value of an experiment, for commands that can do less than files may ask for.</summary>
    /// <param name="experiment">One of <see cref="Experiments"/>.</param>
    /// <param name="place">The value as a JSON pointer into the file, such as <c>/timeline/faults/0/fault</c>; of a value that is not there,
    /// the place of what is nearest around it is named.</param>
    /// <param name="message">What is wrong, without a full stop.</param>
    /// <param name="hint">What to do next, as a sentence.</param>
    public FileError ErrorAt(ExperimentDefinition experiment, string place, string message, string hint) =>
        Places.TryGetValue(experiment, out var places) ? places.Value(place).Error(message, hint) : new FileError(experiment.File, 0, 0, message, hint);
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
