using Chaos.Experiments.Catalogues;
using Chaos.Experiments.Definitions;
using Chaos.Experiments.Files.Reading;
using Chaos.Experiments.Files.Rules;
using Chaos.Experiments.Files.Schema;

namespace Chaos.Experiments.Files;

/// <summary>Finds and reads budgets: the file that was asked for, else the nearest <c>budgets.yaml</c> beside or above an experiment. Each file once.</summary>
internal sealed class BudgetFiles(LoadOptions options, FileFinder files, ICollection<FileError> errors)
{
    /// <summary>Name of the file.</summary>
    public const string Name = "budgets.yaml";

    private static readonly SchemaCheck Schema = new(BudgetSchema.Build());
    private static readonly Catalogue Nothing = new([], [], [], [], []);

    private readonly Dictionary<string, Budgets?> _read = new(StringComparer.Ordinal);

    /// <summary>Where an experiment's budgets are; null where there are none.</summary>
    public string? PathFor(string experimentPath)
    {
        if (options.Budgets is { } given) return Path.GetFullPath(given, options.WorkingFolder);
        for (var folder = Path.GetDirectoryName(experimentPath); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (Path.Combine(folder, Name) is var path && File.Exists(path)) return path;
        }

        var own = Path.Combine(options.WorkingFolder, "experiments", Name);
        return File.Exists(own) ? own : null;
    }

    /// <summary>The budgets of a file, or null when it has errors.</summary>
    public Budgets? Load(string path)
    {
        if (_read.TryGetValue(path, out var known)) return known;
        var found = new List<FileError>();
        var budgets = Read(path, found);
        foreach (var error in found) errors.Add(error);
        return _read[path] = budgets;
    }

    private Budgets? Read(string path, List<FileError> found)
    {
        var shown = files.Shown(path);
        if (!File.Exists(path))
        {
            found.Add(new FileError(shown, 0, 0, "there is no such file of budgets", "Check the path after --budgets."));
            return null;
        }

        if (SourceText.Read(path, shown, found) is not { } text || YamlDocument.Parse(text, shown, found) is not { } document) return null;
        var syntax = found.Count;
        var root = new Cursor(document.Root, "");
        Schema.Check(document, "the file of budgets", found);
        BudgetRules.CheckFile(new RuleContext(root, document.Map, Nothing, null, found));
        YamlDocument.DropFollowUps(found, syntax);
        return found.Count > 0 ? null : new Budgets(shown, root["budgets"].Items.Select(Bind).ToDictionary(b => b.Name, StringComparer.Ordinal));
    }

    private static BudgetDefinition Bind(Cursor budget) => new(budget["name"].Text!, budget["title"].Text!,
        budget.Members.Where(m => m.Value.Number is not null).ToDictionary(m => m.Key, m => m.Value.Number!.Value, StringComparer.Ordinal));
}
