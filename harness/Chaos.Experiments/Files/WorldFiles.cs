using Chaos.Experiments.Definitions;
using Chaos.Experiments.Files.Binding;
using Chaos.Experiments.Files.Reading;
using Chaos.Experiments.Files.Rules;
using Chaos.Experiments.Files.Schema;

namespace Chaos.Experiments.Files;

/// <summary>Reads each world file once, however many experiments name it.</summary>
internal sealed class WorldFiles(FileFinder files, ICollection<FileError> errors) : SharedFiles<WorldDefinition>(Schema, "the world", files, errors)
{
    private static readonly SchemaCheck Schema = new(WorldSchema.Build());

    /// <inheritdoc />
    protected override void Check(RuleContext context, string path) => WorldRules.Check(context, Path.GetFileNameWithoutExtension(path));

    /// <inheritdoc />
    protected override WorldDefinition Bind(Cursor root, string shown) => WorldBinder.Bind(root);
}
