using Chaos.Experiments.Alerts.OnCall;
using Chaos.Experiments.Files.Binding;
using Chaos.Experiments.Files.Reading;
using Chaos.Experiments.Files.Rules;
using Chaos.Experiments.Files.Schema;

namespace Chaos.Experiments.Files;

/// <summary>Reads each file of who is on call once.</summary>
internal sealed class OnCallFiles(FileFinder files, ICollection<FileError> errors) : SharedFiles<OnCallDefinition>(Schema, "the file of who is on call", files, errors)
{
    /// <summary>Name of the file.</summary>
    public const string Name = "on-call.yaml";

    private static readonly SchemaCheck Schema = new(OnCallSchema.Build());

    /// <summary>The nearest one beside or above a file of alerts; null where there is none.</summary>
    public static string? PathFor(string alertsPath) => FoldersAbove.Of(alertsPath).Select(f => Path.Combine(f, Name)).FirstOrDefault(File.Exists);

    /// <inheritdoc />
    protected override void Check(RuleContext context, string path) => OnCallRules.Check(context);

    /// <inheritdoc />
    protected override OnCallDefinition Bind(Cursor root, string shown) => OnCallBinder.Bind(root);
}
