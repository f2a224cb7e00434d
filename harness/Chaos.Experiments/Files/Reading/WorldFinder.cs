using Chaos.Experiments.Definitions;
using Chaos.Experiments.Files.Rules;

namespace Chaos.Experiments.Files.Reading;

/// <summary>Finds the file of a world: a path as it is, a name in the nearest <c>worlds</c> folder.</summary>
internal sealed class WorldFinder(LoadOptions options)
{
    /// <summary>The file, or null.</summary>
    /// <param name="world">Name, or path relative to the experiment's file.</param>
    /// <param name="experimentPath">The experiment's file.</param>
    public string? Find(string world, string experimentPath)
    {
        if (IsPath(world))
        {
            var path = Path.GetFullPath(world, Path.GetDirectoryName(experimentPath)!);
            return File.Exists(path) ? path : null;
        }

        return Folders(experimentPath).Select(f => Path.Combine(f, world + ".yaml")).FirstOrDefault(File.Exists);
    }

    /// <summary>Finds the world that a file names, and reads it.</summary>
    /// <param name="world">Where the file names it.</param>
    /// <param name="path">The file.</param>
    /// <param name="map">Places in the file.</param>
    /// <param name="worlds">Reads it.</param>
    /// <param name="found">Gets an error where there is none.</param>
    public WorldDefinition? Load(Cursor world, string path, SourceMap map, WorldFiles worlds, ICollection<FileError> found)
    {
        if (world.Text is not { Length: > 0 } name) return null;
        if (Find(name, path) is { } at) return worlds.Load(at);
        found.Add(map.Value(world.Pointer).Error($"unknown world '{Words.Shown(name)}'",
            IsPath(name) ? "There is no such file, seen from this one." : Words.Suggest(name, Names(path), "worlds")));
        return null;
    }

    /// <summary>Names of the worlds that could be meant.</summary>
    public IReadOnlyList<string> Names(string experimentPath) =>
        [.. Folders(experimentPath).SelectMany(f => Directory.EnumerateFiles(f, "*.yaml")).Select(f => Path.GetFileNameWithoutExtension(f)).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Whether a world is given by its path.</summary>
    public static bool IsPath(string world) => world.Contains('/', StringComparison.Ordinal) || world.Contains('\\', StringComparison.Ordinal)
        || world.EndsWith(".yaml", StringComparison.Ordinal) || world.EndsWith(".yml", StringComparison.Ordinal);

    private IEnumerable<string> Folders(string experimentPath) => FoldersAbove.Of(experimentPath).Select(f => Path.Combine(f, "worlds"))
        .Concat(options.WorldFolders.Select(f => Path.GetFullPath(f, options.WorkingFolder))).Where(Directory.Exists).Distinct();
}
