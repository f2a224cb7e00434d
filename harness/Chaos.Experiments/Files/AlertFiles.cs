using Chaos.Experiments.Alerts.Definitions;
using Chaos.Experiments.Alerts.OnCall;
using Chaos.Experiments.Files.Binding;
using Chaos.Experiments.Files.Reading;
using Chaos.Experiments.Files.Rules;
using Chaos.Experiments.Files.Schema;

namespace Chaos.Experiments.Files;

/// <summary>Reads each file of alerts once, with the file of who is on call.</summary>
/// <param name="onCall">Reads that.</param>
/// <param name="onCallPath">That file; null for the nearest beside or above the alerts.</param>
internal sealed class AlertFiles(OnCallFiles onCall, string? onCallPath, FileFinder files, ICollection<FileError> errors)
    : SharedFiles<OwnedAlerts>(Schema, "the file of alerts", files, errors)
{
    /// <summary>Name of the file.</summary>
    public const string Name = "alerts.yaml";

    private static readonly SchemaCheck Schema = new(AlertSchema.Build());

    private OnCallDefinition? _owners;

    /// <summary>The nearest one beside or above an experiment, else that of the working folder's experiments; null where there is none.</summary>
    public static string? PathFor(string experimentPath, string workingFolder) =>
        FoldersAbove.Of(experimentPath).Append(Path.Combine(workingFolder, "experiments")).Select(f => Path.Combine(f, Name)).FirstOrDefault(File.Exists);

    /// <inheritdoc />
    protected override void Check(RuleContext context, string path)
    {
        var found = onCallPath ?? OnCallFiles.PathFor(path);
        _owners = found is null ? null : onCall.Load(found);
        AlertRules.Check(context, Path.GetDirectoryName(path)!, found is not null, _owners?.Teams.Select(t => t.Name).ToList());
    }

    /// <inheritdoc />
    // The file itself has no errors here; those of its owners have been told where they stand.
    protected override OwnedAlerts? Bind(Cursor root, string shown) => _owners is null ? null : new OwnedAlerts(AlertBinder.Bind(root), _owners);
}
