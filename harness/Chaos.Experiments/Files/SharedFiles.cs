using Chaos.Experiments.Catalogues;
using Chaos.Experiments.Files.Reading;
using Chaos.Experiments.Files.Rules;
using Chaos.Experiments.Files.Schema;

namespace Chaos.Experiments.Files;

/// <summary>Files of one kind, each read once however many experiments refer to it: text → YAML → schema → rules → definition.</summary>
/// <param name="schema">The schema of the kind.</param>
/// <param name="subject">What such a file is, such as "the world".</param>
internal abstract class SharedFiles<T>(SchemaCheck schema, string subject, FileFinder files, ICollection<FileError> errors) where T : class
{
    private static readonly Catalogue Nothing = new([], [], [], [], []);

    private readonly Dictionary<string, T?> _read = new(StringComparer.Ordinal);

    /// <summary>What a file holds, or null when it has errors.</summary>
    public T? Load(string path)
    {
        if (_read.TryGetValue(path, out var known)) return known;
        var found = new List<FileError>();
        var content = Read(path, files.Shown(path), found);
        foreach (var error in found) errors.Add(error);
        return _read[path] = content;
    }

    /// <summary>Reads one file.</summary>
    /// <returns>Null with at least one error added.</returns>
    protected virtual T? Read(string path, string shown, List<FileError> found)
    {
        if (SourceText.Read(path, shown, found) is not { } text || YamlDocument.Parse(text, shown, found) is not { } document) return null;
        var syntax = found.Count;
        var root = new Cursor(document.Root, "");
        schema.Check(document, subject, found);
        Check(new RuleContext(root, document.Map, Nothing, null, found), path);
        YamlDocument.DropFollowUps(found, syntax);
        return found.Count == 0 ? Bind(root, shown) : null;
    }

    /// <summary>What the schema cannot say.</summary>
    protected abstract void Check(RuleContext context, string path);

    /// <summary>A checked file → what it holds; null where another file that it needs has errors, which are told there.</summary>
    protected abstract T? Bind(Cursor root, string shown);
}
