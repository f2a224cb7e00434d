using Chaos.Experiments.Definitions;
using Chaos.Experiments.Files.Reading;
using Chaos.Experiments.Files.Rules;
using Chaos.Experiments.Files.Schema;

namespace Chaos.Experiments.Files;

/// <summary>Finds and reads budgets: the file that was asked for, else the nearest <c>budgets.yaml</c> beside or above an experiment. Each file once.</summary>
internal sealed class BudgetFiles(LoadOptions options, FileFinder files, ICollection<FileError> errors) : SharedFiles<Budgets>(Schema, "the file of budgets", files, errors)
{
    /// <summary>Name of the file.</summary>
    public const string Name = "budgets.yaml";

    private static readonly SchemaCheck Schema = new(BudgetSchema.Build());

    /// <summary>Where an experiment's budgets are; null where there are none.</summary>
    public string? PathFor(string experimentPath) => options.Budgets is { } given
        ? Path.GetFullPath(given, options.WorkingFolder)
        : FoldersAbove.Of(experimentPath).Append(Path.Combine(options.WorkingFolder, "experiments")).Select(f => Path.Combine(f, Name)).FirstOrDefault(File.Exists);

    /// <inheritdoc />
    protected override Budgets? Read(string path, string shown, List<FileError> found)
    {
        if (File.Exists(path)) return base.Read(path, shown, found);
        found.Add(new FileError(shown, 0, 0, "there is no such file of budgets", "Check the path after --budgets."));
        return null;
    }

    /// <inheritdoc />
    protected override void Check(RuleContext context, string path) => BudgetRules.CheckFile(context);

    /// <inheritdoc />
    protected override Budgets Bind(Cursor root, string shown) => new(shown, root["budgets"].Items.Select(Budget).ToDictionary(b => b.Name, StringComparer.Ordinal));

    private static BudgetDefinition Budget(Cursor budget) => new(budget["name"].Text!, budget["title"].Text!,
        budget.Members.Where(m => m.Value.Number is not null).ToDictionary(m => m.Key, m => m.Value.Number!.Value, StringComparer.Ordinal));
}
