using Chaos.Experiments.Catalogues;
using Chaos.Experiments.Definitions;

namespace Chaos.Experiments.Files;

/// <summary>Reads experiments from files.</summary>
public static class ExperimentFiles
{
    /// <summary>
    /// Reads, checks and binds every experiment of the given files and folders. Nothing is thrown for what stands in a file, or for
    /// a file that is not there: every error of every file comes back at once.
    /// </summary>
    /// <param name="paths">Files, or folders of which every <c>.yaml</c> file below counts. World files among them are checked.</param>
    /// <param name="catalogue">Everything that files may refer to by name.</param>
    /// <param name="set">Overrides by key, such as <c>fleet.count</c> → <c>100</c>; put into every experiment that has the place.</param>
    /// <param name="options">Where to look; the process's working folder by default.</param>
    public static LoadResult Load(IEnumerable<string> paths, Catalogue catalogue, IReadOnlyDictionary<string, string>? set = null, LoadOptions? options = null)
    {
        var load = new ExperimentLoad(catalogue, set ?? new Dictionary<string, string>(), options ?? new LoadOptions());
        return load.Run(paths);
    }

    /// <summary>Reads one world file.</summary>
    /// <returns>The world, or null with errors.</returns>
    public static (WorldDefinition? World, IReadOnlyList<FileError> Errors) LoadWorld(string path, LoadOptions? options = null)
    {
        var errors = new List<FileError>();
        var files = new Reading.FileFinder((options ?? new LoadOptions()).WorkingFolder, errors);
        var full = Path.GetFullPath(path, (options ?? new LoadOptions()).WorkingFolder);
        var world = new WorldFiles(files, errors).Load(full);
        return (world, [.. errors.Order()]);
    }
}
