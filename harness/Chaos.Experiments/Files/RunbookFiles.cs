using System.Runtime.CompilerServices;
using Chaos.Experiments.Catalogues;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Files.Binding;
using Chaos.Experiments.Files.Reading;
using Chaos.Experiments.Files.Rules;
using Chaos.Experiments.Files.Schema;

namespace Chaos.Experiments.Files;

/// <summary>Reads runbooks: text → YAML → schema → rules → definition.</summary>
public sealed class RunbookFiles
{
    private static readonly ConditionalWeakTable<Catalogue, SchemaCheck> Schemas = [];

    private readonly Catalogue _catalogue;
    private readonly WorldFinder _finder;
    private readonly WorldFiles _worlds;
    private readonly BudgetFiles _budgets;
    private readonly Overrides _overrides;
    private readonly SchemaCheck _schema;

    internal RunbookFiles(Catalogue catalogue, WorldFinder finder, WorldFiles worlds, BudgetFiles budgets, Overrides overrides)
    {
        (_catalogue, _finder, _worlds, _budgets, _overrides) = (catalogue, finder, worlds, budgets, overrides);
        _schema = Schemas.GetValue(catalogue, c => new SchemaCheck(RunbookSchema.Build(c)));
    }

    /// <summary>Reads one runbook, with its world and budgets. Nothing is thrown for what stands in a file, or for one that is not there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="catalogue">Everything that files may refer to by name.</param>
    /// <param name="set">Overrides by key, such as <c>stable.for</c> → <c>10s</c>.</param>
    /// <param name="options">Where to look; the process's working folder by default.</param>
    /// <returns>The runbook, or null with every error.</returns>
    public static (RunbookDefinition? Runbook, IReadOnlyList<FileError> Errors) Load(string path, Catalogue catalogue, IReadOnlyDictionary<string, string>? set = null, LoadOptions? options = null)
    {
        var (errors, looked) = (new List<FileError>(), options ?? new LoadOptions());
        var files = new FileFinder(looked.WorkingFolder, errors);
        var overrides = new Overrides(set ?? new Dictionary<string, string>(), errors);
        var runbooks = new RunbookFiles(catalogue, new WorldFinder(looked), new WorldFiles(files, errors), new BudgetFiles(looked, files, errors), overrides);
        var full = Path.GetFullPath(path, looked.WorkingFolder);
        var runbook = runbooks.Read(new FoundFile(full, files.Shown(full), FileRole.Runbook), errors);
        overrides.ReportUnused(errors);
        return (errors.Count == 0 ? runbook : null, [.. errors.Distinct().Order()]);
    }

    /// <summary>Reads one of several.</summary>
    internal RunbookDefinition? Read(FoundFile file, List<FileError> errors)
    {
        var found = new List<FileError>();
        var runbook = ReadTo(file, found);
        errors.AddRange(found);
        return runbook;
    }

    private RunbookDefinition? ReadTo(FoundFile file, List<FileError> found)
    {
        if (SourceText.Read(file.Path, file.ShownAs, found) is not { } text || YamlDocument.Parse(text, file.ShownAs, found) is not { } document) return null;
        var syntax = found.Count;
        _overrides.Apply(document);
        var root = new Cursor(document.Root, "");
        _schema.Check(document, "the runbook", found);
        var world = _finder.Load(root["world"], file.Path, document.Map, _worlds, found);
        var path = _budgets.PathFor(file.Path);
        var budgets = path is null ? null : _budgets.Load(path);
        RunbookRules.Check(new RuleContext(root, document.Map, _catalogue, world, found), path is not null, budgets);
        YamlDocument.DropFollowUps(found, syntax);
        return found.Count > 0 || world is null || budgets is null ? null : RunbookBinder.Bind(root, world, budgets, file.ShownAs);
    }
}
