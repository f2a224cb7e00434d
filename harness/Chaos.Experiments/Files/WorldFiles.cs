using Chaos.Experiments.Catalogues;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Files.Binding;
using Chaos.Experiments.Files.Reading;
using Chaos.Experiments.Files.Rules;
using Chaos.Experiments.Files.Schema;

namespace Chaos.Experiments.Files;

/// <summary>Reads each world file once, however many experiments name it.</summary>
internal sealed class WorldFiles(FileFinder files, ICollection<FileError> errors)
{
    private static readonly SchemaCheck Schema = new(WorldSchema.Build());
    private static readonly Catalogue Nothing = new([], [], [], [], []);

    private readonly Dictionary<string, WorldDefinition?> _worlds = new(StringComparer.Ordinal);

    /// <summary>The world, or null when its file has errors.</summary>
    public WorldDefinition? Load(string path)
    {
        if (_worlds.TryGetValue(path, out var known)) return known;
        var found = new List<FileError>();
        var world = Read(path, found);
        foreach (var error in found) errors.Add(error);
        return _worlds[path] = world;
    }

    private WorldDefinition? Read(string path, List<FileError> found)
    {
        var shown = files.Shown(path);
        if (SourceText.Read(path, shown, found) is not { } text || YamlDocument.Parse(text, shown, found) is not { } document) return null;
        var syntax = found.Count;
        var root = new Cursor(document.Root, "");
        Schema.Check(document, "the world", found);
        WorldRules.Check(new RuleContext(root, document.Map, Nothing, null, found), Path.GetFileNameWithoutExtension(path));
        YamlDocument.DropFollowUps(found, syntax);
        return found.Count == 0 ? WorldBinder.Bind(root) : null;
    }
}
